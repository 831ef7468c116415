from mkbroute.core.sitemaps import ListSitemap, published_sitemap

from .models import Pilot

SITEMAPS = {
    "pilots": published_sitemap(Pilot.objects.published()),
    "pilot-lists": ListSitemap({"pilot_list": Pilot.objects.published()}),
}
