from django.contrib.sitemaps import GenericSitemap, Sitemap
from django.db.models import Max, QuerySet
from django.urls import reverse


def published_sitemap(queryset: QuerySet) -> GenericSitemap:
    """The pages of published objects, each as new as its last publication."""
    needed = queryset.only("slug", "last_published_at")
    return GenericSitemap({"queryset": needed, "date_field": "last_published_at"})


class ListSitemap(Sitemap):
    """Pages that list published objects, each as new as the newest of them.

    ``lists`` has the objects by the name of the URL.
    """

    def __init__(self, lists: dict[str, QuerySet]):
        self.lists = lists

    def items(self):
        return list(self.lists)

    def location(self, name):
        return reverse(name)

    def lastmod(self, name):
        return self.lists[name].aggregate(newest=Max("last_published_at"))["newest"]
