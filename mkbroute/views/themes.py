from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from mkbroute.core.models import Theme
from pilots.models import Pilot, Update
from research.models import NewsItem, PolicyFile, Practice, Publication, Question

UPDATES = 12
"""So many of the newest updates of a theme are named."""


@require_safe
def theme_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """Everything of one theme, across the whole site."""
    theme = get_object_or_404(Theme, slug=slug)
    context = {
        "theme": theme,
        "others": Theme.objects.exclude(pk=theme.pk),
        "practices": Practice.objects.published().in_short().filter(themes=theme).order_by("-strength", "title"),
        "questions": Question.objects.published().for_agenda().filter(theme=theme),
        "pilots": Pilot.objects.published().with_places().filter(themes=theme),
        "publications": Publication.objects.published().in_short().filter(themes=theme),
        "files": PolicyFile.objects.published().for_list().filter(themes=theme),
        "news": NewsItem.objects.published().in_short().filter(themes=theme),
        "updates": Update.objects.public().in_stream().filter(theme=theme)[:UPDATES],
        "crumbs": [("Kennis", reverse("knowledge")), (theme.title, request.path)],
    }
    return render(request, "theme_detail.html", context)
