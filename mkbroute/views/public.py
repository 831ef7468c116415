from django.db.models import Value
from django.db.models.functions import Concat
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from mkbroute.feeds import EVERYTHING, SECTIONS
from mkbroute.models import ContentPage, HomePage


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The front page."""
    return get_object_or_404(HomePage.objects.live()).serve(request)


@require_safe
def content_page(request: HttpRequest, path: str) -> HttpResponse:
    """A page of free text; its address is its place in the tree below the home page."""
    home_path = HomePage.objects.live().values("url_path")[:1]
    return get_object_or_404(ContentPage.objects.live(), url_path=Concat(home_path, Value(path))).serve(request)


@require_safe
def feed_list(request: HttpRequest) -> HttpResponse:
    """Which feeds there are, and what a feed is."""
    context = {"sections": SECTIONS, "everything": EVERYTHING, "crumbs": [("Volgen", request.path)]}
    return render(request, "feed_list.html", context)
