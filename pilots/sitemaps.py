from django.contrib.sitemaps import Sitemap

from mkbroute.core.sitemaps import ListSitemap, published_sitemap

from .models import Pilot, Update


class UpdateSitemap(Sitemap):
    """The public updates of all pilots."""

    def items(self):
        return Update.objects.public().in_stream()

    def lastmod(self, update):
        return update.last_published_at


SITEMAPS = {
    "updates": UpdateSitemap,
    "pilots": published_sitemap(Pilot.objects.published()),
    "pilot-lists": ListSitemap({"pilot_list": Pilot.objects.published()}),
}
