from django.apps import AppConfig


class MkbrouteConfig(AppConfig):
    """The roof: pages, home, search, contact and the commands."""

    name = "mkbroute"
    verbose_name = "Mkb-route in het hbo"
    default = True

    def ready(self):
        from wagtail.signals import page_slug_changed, post_page_move

        from mkbroute import checks  # noqa: F401 -- registers the system checks
        from mkbroute.redirects import free_addresses
        from mkbroute.search import follow_page

        for moved in (page_slug_changed, post_page_move):
            moved.connect(free_addresses)
            moved.connect(follow_page)
