from django.contrib.sitemaps import Sitemap
from django.db.models import OuterRef, Subquery
from django.db.models.functions import Greatest
from django.urls import reverse
from wagtail.models import Page

import network.sitemaps
import pilots.sitemaps
import research.sitemaps
from mkbroute.core.models import Publishable, Theme
from mkbroute.models import page_address
from pilots.models import Pilot, Update
from research.models import NewsItem, PolicyFile, Practice, Publication, Question


class PageSitemap(Sitemap):
    """The home page and all pages below it that everybody may see."""

    def items(self):
        root_depth = 1  # the root of Wagtail's tree is no page of the site
        return Page.objects.live().public().filter(depth__gt=root_depth).order_by("path")

    def location(self, page):
        return page_address(page.url_path)

    def lastmod(self, page):
        return page.last_published_at


class OtherSitemap(Sitemap):
    """Pages of the roof that have no date."""

    def items(self):
        return ["contact", "feed_list"]

    def location(self, name):
        return reverse(name)


OF_THEMES = (Practice, Publication, PolicyFile, NewsItem, Pilot)


class ThemeSitemap(Sitemap):
    """The pages that gather all there is on a theme."""

    def items(self):
        newest = [
            _newest_of(Question, "theme"),
            _newest_update(),
            *(_newest_of(model, "themes") for model in OF_THEMES),
        ]
        return Theme.objects.annotate(newest=Greatest(*newest))

    def location(self, theme):
        return theme.get_absolute_url()

    def lastmod(self, theme):
        return theme.newest


def _newest_update() -> Subquery:
    """When the newest update of a theme appeared or changed."""
    mine = Update.objects.public().filter(theme=OuterRef("pk"))
    return Subquery(mine.order_by("-last_published_at").values("last_published_at")[:1])


def _newest_of(model: type[Publishable], relation: str) -> Subquery:
    """When the newest of a theme was published."""
    mine = model.objects.published().filter(**{relation: OuterRef("pk")})
    return Subquery(mine.order_by("-last_published_at").values("last_published_at")[:1])


SITEMAPS = {
    "pages": PageSitemap,
    "other": OtherSitemap,
    "themes": ThemeSitemap,
    **pilots.sitemaps.SITEMAPS,
    **network.sitemaps.SITEMAPS,
    **research.sitemaps.SITEMAPS,
}
