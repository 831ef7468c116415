"""The updates of pilots that everybody may read."""

from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from mkbroute.core.files import MEDIA_TYPES
from pilots.models import Pilot, Update

PAGE_SIZE = 12
HOUR = 3600


@require_safe
def pilot_updates(request: HttpRequest, slug: str) -> HttpResponse:
    """All public updates of one pilot, newest first."""
    pilot = get_object_or_404(Pilot.objects.published().in_short(), slug=slug)
    updates = Update.objects.public().filter(pilot=pilot).in_stream()
    context = {
        "pilot": pilot,
        "page": Paginator(updates, PAGE_SIZE).get_page(request.GET.get("pagina")),
        "crumbs": [*_crumbs(pilot), ("Berichten", request.path)],
    }
    return render(request, "pilots/update_list.html", context)


@require_safe
def pilot_update(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """One public update. At an old address of its pilot it says where it is now."""
    update = get_object_or_404(Update.objects.public().select_related("pilot", "theme"), pk=pk)
    if update.pilot.slug != slug:
        return redirect(update, permanent=True)
    crumbs = [
        *_crumbs(update.pilot),
        ("Berichten", reverse("pilot_updates", args=[slug])),
        (update.title, update.get_absolute_url()),
    ]
    return render(request, "pilots/update_detail.html", {"update": update, "crumbs": crumbs})


# For an hour at most: an update that is withdrawn must not live on in caches.
@cache_control(public=True, max_age=HOUR)
@require_safe
def pilot_update_picture(request: HttpRequest, slug: str, pk: int, name: str) -> HttpResponse:
    """The picture of a public update."""
    update = get_object_or_404(Update.objects.public(), pk=pk, pilot__slug=slug)
    if not update.picture or update.picture_name != name:
        raise Http404
    return picture_of(update)


def picture_of(update: Update) -> FileResponse:
    """The picture itself, as what it is and nothing else."""
    try:
        file = update.picture.open()
    except FileNotFoundError:
        raise Http404 from None
    return FileResponse(
        file,
        content_type=MEDIA_TYPES["webp"],
        headers={
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "default-src 'none'",
            "Content-Disposition": "inline",
        },
    )


def _crumbs(pilot: Pilot) -> list[tuple[str, str]]:
    return [("Pilots", reverse("pilot_list")), (f"Plaats {pilot.number}", pilot.get_absolute_url())]
