from django.contrib.sitemaps import Sitemap
from django.urls import reverse
from wagtail.models import Page

import network.sitemaps
import pilots.sitemaps
from mkbroute.models import page_address


class PageSitemap(Sitemap):
    """The home page and all pages below it that everybody may see."""

    def items(self):
        root_depth = 1  # the root of Wagtail's tree is no page of the site
        return Page.objects.live().public().filter(depth__gt=root_depth).order_by("path")

    def location(self, page):
        return page_address(page.url_path)

    def lastmod(self, page):
        return page.last_published_at


class ContactSitemap(Sitemap):
    """The contact form."""

    def items(self):
        return ["contact"]

    def location(self, name):
        return reverse(name)


SITEMAPS = {
    "pages": PageSitemap,
    "contact": ContactSitemap,
    **pilots.sitemaps.SITEMAPS,
    **network.sitemaps.SITEMAPS,
}
