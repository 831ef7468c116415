"""What all pilots post for each other, and the pictures that only they see."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from mkbroute.core.queue import queue_address
from pilots.actions.updates import report_update
from pilots.forms.updates import ReportForm
from pilots.models import Audience, Update
from pilots.models.updates import moderates
from pilots.permissions import is_of_network
from pilots.queue.updates import UpdateKind
from pilots.views.public_updates import picture_of

PAGE_SIZE = 12


@login_required
@require_safe
def portal_network(request: HttpRequest) -> HttpResponse:
    """The updates of all pilots for each other and for everybody, newest first."""
    _for_the_network(request)
    updates = Update.objects.visible_to(request.user).exclude(audience=Audience.PILOT).in_stream()
    page = Paginator(updates, PAGE_SIZE).get_page(request.GET.get("pagina"))
    return render(request, "partner/network.html", {"page": page})


@login_required
@require_safe
def portal_network_update(request: HttpRequest, pk: int) -> HttpResponse:
    """One update, of whichever pilot, as its readers see it."""
    update = _visible(request, pk)
    context = {"update": update, "queue_url": _queue_url(request, update)}
    return render(request, "partner/network_update.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def portal_network_report(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask the team to look at an update."""
    update = _visible(request, pk)
    form = ReportForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            report_update(update=update, by=request.user, reason=form.cleaned_data["reason"])
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, "Dank u. Het programmateam kijkt naar dit bericht en laat u weten wat het doet.")
            return redirect("portal_network")
    return render(request, "partner/network_report.html", {"update": update, "form": form})


@login_required
@require_safe
def portal_update_picture(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """The picture of an update for who may read it; that of a draft for who may change it, and for the team."""
    user = request.user
    is_reader = Update.objects.visible_to(user).filter(pk=pk).exists()
    is_insider = moderates(user) or Update.objects.editable_by(user).filter(pk=pk).exists()
    row = get_object_or_404(Update, pk=pk) if is_reader or is_insider else None
    versions = [*([row] if row else []), *([row.newest] if row and is_insider else [])]
    for version in versions:
        if version.picture and version.picture_name == name:
            return picture_of(version)
    raise Http404


def _for_the_network(request: HttpRequest) -> None:
    if not is_of_network(request.user) and not moderates(request.user):
        raise Http404


def _visible(request: HttpRequest, pk: int) -> Update:
    _for_the_network(request)
    return get_object_or_404(Update.objects.visible_to(request.user).select_related("pilot", "author", "theme"), pk=pk)


def _queue_url(request: HttpRequest, update: Update) -> str:
    """Where the team handles this update."""
    if not moderates(request.user):
        return ""
    return queue_address(UpdateKind.name, update.pk)
