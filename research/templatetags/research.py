"""What was learned, on the pages of those it was learned from. ``{% load research %}``"""

from django import template
from django.apps import apps
from django.db import models
from django.db.models.functions import Cast
from django.utils.html import linebreaks
from django.utils.safestring import SafeString
from wagtail.rich_text import RichText

from network.models import Organisation
from pilots.models import Pilot
from research.glossary import Glossary
from research.models import NewsItem, Practice, Publication, Question

register = template.Library()

KINDS = {"practices": Practice, "questions": Question, "publications": Publication, "news": NewsItem}
"""What a pilot or organisation gave to research, by the name it has there."""


@register.simple_tag(takes_context=True)
def explained(context, text: RichText | str) -> SafeString:
    """Rich text, or plain text in paragraphs, with the terms explained that this page did not explain before."""
    html = str(text) if isinstance(text, RichText) else linebreaks(text, autoescape=True)
    request = context.get("request")
    if request is None:  # nothing remembers what was explained
        return SafeString(html)
    if not hasattr(request, "glossary"):
        request.glossary = Glossary()
    return request.glossary.explain(html)


@register.inclusion_tag("research/_learned.html")
def learned_from(about: Pilot | Organisation):
    """The good practices, questions, publications and news of a pilot or organisation, in one query; a heading and
    links for each kind there is."""
    if about.pk is None:  # a preview of something that was never saved
        return {"groups": []}
    parts = [
        getattr(about, relation)
        .filter(live=True)
        .order_by()
        .values(
            *("title", "slug", "summary"),
            model=models.Value(model._meta.label),
            place=models.Value(place),
            happened=models.F("date") if model is NewsItem else Cast(None, models.DateField()),
        )
        for place, (relation, model) in enumerate(KINDS.items())
    ]
    groups: dict[str, list[models.Model]] = {}
    for row in parts[0].union(*parts[1:], all=True).order_by("place", models.F("happened").desc(), "title"):
        model = apps.get_model(row["model"])
        item = model(title=row["title"], slug=row["slug"], summary=row["summary"])
        groups.setdefault(str(model._meta.verbose_name_plural), []).append(item)
    return {"groups": groups.items()}
