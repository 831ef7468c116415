from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from pilots.filters import PilotFilter
from pilots.models import Pilot

PAGE_SIZE = 24
SHOW_OTHERS_UP_TO = 12
"""With at most this many pilots in all, those that do not match stay in view below the ones that do."""


@require_safe
def pilot_list(request: HttpRequest) -> HttpResponse:
    """Find a pilot: filters, list and map, all three of the same pilots."""
    finder = PilotFilter(request.GET)
    page = Paginator(finder.matches, PAGE_SIZE).get_page(request.GET.get("pagina"))
    others = finder.others if len(finder.rows) <= SHOW_OTHERS_UP_TO else []
    pilots = Pilot.objects.published().with_places().in_bulk([*page.object_list, *others])
    context = {
        "finder": finder,
        "page": page,
        "matches": [pilots[key] for key in page.object_list if key in pilots],  # one may be withdrawn just now
        "others": [pilots[key] for key in others if key in pilots],
        "total": len(finder.rows),
        "crumbs": [("Pilots", request.path)],
    }
    return render(request, "pilots/pilot_list.html", context)


@require_safe
def pilot_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """Everything known about one pilot, and what is not known."""
    pilot = get_object_or_404(Pilot.objects.published().with_details().select_related("image"), slug=slug)
    return render(request, Pilot.page_template, pilot.page_context())
