from django.db.models import Value
from django.db.models.functions import Concat
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

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
