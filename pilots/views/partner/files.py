"""The files of a pilot."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mkbroute.core import audit
from mkbroute.core.files import MEDIA_TYPES
from pilots.actions.files import add_file, delete_file
from pilots.forms.files import PilotFileForm
from pilots.models import Pilot, PilotFile
from pilots.models.updates import moderates

PAGE_SIZE = 30


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def portal_files(request: HttpRequest, slug: str) -> HttpResponse:
    """The files of a pilot, and a form to add one. The team reads along."""
    pilots = Pilot.objects.all() if moderates(request.user) else Pilot.objects.of_member(request.user)
    pilot = get_object_or_404(pilots, slug=slug)
    is_writer = Pilot.objects.writable_by(request.user).filter(pk=pilot.pk).exists()
    if request.method != "POST":
        return _page(request, pilot, PilotFileForm() if is_writer else None)
    if not is_writer:
        raise Http404
    form = PilotFileForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, pilot, form)
    try:
        add_file(
            pilot=pilot,
            by=request.user,
            title=form.cleaned_data["title"],
            upload=form.cleaned_data["file"],
            submission=form.cleaned_data["submission"],
        )
    except ValidationError as error:
        form.add_error("file", error)
        return _page(request, pilot, form)
    messages.success(request, "Het bestand staat erbij.")
    return redirect("portal_files", slug)


@login_required
@require_safe
def portal_file(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Fetch a file, always to save it: nothing that somebody uploaded opens as a page of this site."""
    file = get_object_or_404(PilotFile.objects.visible_to(request.user), pk=pk, pilot__slug=slug)
    try:
        content = file.file.open()
    except FileNotFoundError:
        raise Http404 from None
    if request.method == "GET":
        audit.record(audit.Action.DOWNLOAD, "bestand van een pilot opgehaald", by=request.user, on=file)
    return FileResponse(
        content,
        as_attachment=True,
        filename=file.name,
        content_type=MEDIA_TYPES[file.kind],
        headers={"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "default-src 'none'; sandbox"},
    )


@login_required
@require_POST
def portal_file_delete(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Remove a file for everybody."""
    file = get_object_or_404(PilotFile.objects.deletable_by(request.user), pk=pk, pilot__slug=slug)
    delete_file(file=file, by=request.user)
    messages.success(request, "Het bestand is verwijderd.")
    return redirect("portal_files", slug)


def _page(request: HttpRequest, pilot: Pilot, form: PilotFileForm | None) -> HttpResponse:
    files = PilotFile.objects.filter(pilot=pilot).select_related("uploaded_by", "pilot")
    context = {
        "pilot": pilot,
        "form": form,
        "page": Paginator(files, PAGE_SIZE).get_page(request.GET.get("pagina")),
        "deletable": set(PilotFile.objects.deletable_by(request.user).filter(pilot=pilot).values_list("pk", flat=True)),
        "is_member": Pilot.objects.of_member(request.user).filter(pk=pilot.pk).exists(),
    }
    return render(request, "partner/file_list.html", context)
