"""The news of the programme and the public updates of the pilots as one stream, newest first."""

from django.core.paginator import Page, Paginator
from django.db import models
from django.db.models import F, Value
from django.db.models.functions import TruncDate

from pilots.models import Update
from research.models import NewsItem

NEWS, UPDATE = "nieuwsbericht", "bericht"


def stream() -> models.QuerySet:
    """The kind and number of all there is, in one query, in the order of the page."""
    news = NewsItem.objects.published().order_by()
    updates = Update.objects.public().order_by()
    when = models.DateField()
    return (
        news.values("pk", kind=Value(NEWS), when=F("date"))
        .union(updates.values("pk", kind=Value(UPDATE), when=TruncDate("published_at", output_field=when)), all=True)
        .order_by(F("when").desc(nulls_last=True), "kind", "-pk")
    )


def page_of_stream(number: str | None, size: int) -> tuple[Page, list[NewsItem | Update]]:
    """A page of the stream with what stands on it: four queries, whatever there is."""
    page = Paginator(stream(), size).get_page(number)
    keys = [(row["kind"], row["pk"]) for row in page.object_list]
    found = {
        NEWS: NewsItem.objects.published().in_short().in_bulk([pk for kind, pk in keys if kind == NEWS]),
        UPDATE: Update.objects.public().in_stream().in_bulk([pk for kind, pk in keys if kind == UPDATE]),
    }
    # One may be withdrawn just now.
    return page, [found[kind][pk] for kind, pk in keys if pk in found[kind]]
