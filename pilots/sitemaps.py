from django.contrib.sitemaps import Sitemap
from django.db.models import Max
from django.urls import reverse

from mkbroute.core.sitemaps import ListSitemap, published_sitemap

from .models import Pilot, Update


class UpdateSitemap(Sitemap):
    """The public updates of all pilots."""

    def items(self):
        return Update.objects.public().in_stream()

    def lastmod(self, update):
        return update.last_published_at


class UpdateListSitemap(Sitemap):
    """The list of updates of every pilot that posted one, as new as the newest of them."""

    def items(self):
        public = Update.objects.public().order_by("pilot__number")
        return public.values("pilot__slug").annotate(newest=Max("last_published_at"))

    def location(self, row):
        return reverse("pilot_updates", args=[row["pilot__slug"]])

    def lastmod(self, row):
        return row["newest"]


SITEMAPS = {
    "updates": UpdateSitemap,
    "update-lists": UpdateListSitemap,
    "pilots": published_sitemap(Pilot.objects.published()),
    "pilot-lists": ListSitemap({"pilot_list": Pilot.objects.published()}),
}
