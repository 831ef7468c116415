from wagtail import hooks
from wagtail.permissions import register_permission_policy
from wagtail.snippets.models import register_snippet

from mkbroute import admin, manual, today
from mkbroute.core.admin import CONTENT_MENU
from mkbroute.models import ContactMessage

register_permission_policy(ContactMessage, admin.ReceivedPolicy(ContactMessage))
register_snippet(admin.ContactMessageViewSet)

hooks.register(
    "register_admin_viewset",
    lambda: [admin.HomePageViewSet(), admin.ContentPageViewSet(), admin.PagesViewSet()],
)
hooks.register("register_admin_urls", lambda: [*today.admin_urls, *manual.admin_urls])
hooks.register("register_icons", admin.add_icons)
hooks.register("insert_global_admin_css", admin.admin_css)
hooks.register("construct_homepage_panels", admin.show_today)

hooks.register("register_admin_menu_item", admin.pilots_menu)
hooks.register("register_admin_menu_item", admin.network_menu)
hooks.register("register_admin_menu_item", admin.content_menu)
hooks.register("register_admin_menu_item", admin.manual_menu_item)
hooks.register(CONTENT_MENU, admin.images_menu_item)
hooks.register(CONTENT_MENU, admin.documents_menu_item)
hooks.register("register_settings_menu_item", admin.log_menu_item)
hooks.register("construct_main_menu", admin.arrange_main_menu)
