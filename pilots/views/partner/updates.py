"""Posting, as the people of a pilot do it."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mkbroute.core.models import Decision
from pilots.actions.updates import delete_draft, discard_changes, save_draft, send_in, withdraw
from pilots.forms.updates import UpdateForm
from pilots.models import Pilot, Update, UpdateState

PAGE_SIZE = 20
POSTED = "Uw bericht is geplaatst."
SENT_IN = "Uw bericht is ingestuurd. Het programmateam leest het; u krijgt een mail."
KEPT = "Uw bericht is bewaard als concept. Alleen u ziet het."


@login_required
@require_safe
def portal_updates(request: HttpRequest, slug: str) -> HttpResponse:
    """What was posted in a pilot, with one's own drafts."""
    pilot = get_object_or_404(Pilot.objects.of_member(request.user), slug=slug)
    updates = Update.objects.readable_by(request.user).filter(pilot=pilot)
    updates = updates.select_related("author").defer("text").order_by("-changed_at", "-pk")
    context = {
        "pilot": pilot,
        "page": Paginator(updates, PAGE_SIZE).get_page(request.GET.get("pagina")),
        "may_write": Pilot.objects.writable_by(request.user).filter(pk=pilot.pk).exists(),
    }
    return render(request, "partner/update_list.html", context)


@login_required
@require_safe
def portal_update(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """One update as its readers see it; for who may change it, as they will see it."""
    pilot = get_object_or_404(Pilot.objects.of_member(request.user), slug=slug)
    row = get_object_or_404(_of_pilot(pilot).readable_by(request.user), pk=pk)
    may_edit = Update.objects.editable_by(request.user).filter(pk=pk).exists()
    context = {
        "pilot": pilot,
        "row": row,
        "update": row.newest if may_edit else row,
        "may_edit": may_edit,
        "lacking": row.newest.lacking if may_edit else {},
        "remark": _remark(row) if may_edit else None,
    }
    return render(request, "partner/update.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def portal_update_new(request: HttpRequest, slug: str) -> HttpResponse:
    """Write a new update."""
    pilot = get_object_or_404(Pilot.objects.writable_by(request.user), slug=slug)
    return _write(request, Update(pilot=pilot))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def portal_update_edit(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Go on with an update."""
    row = _editable(request, slug, pk)
    return _write(request, row.newest)


@login_required
@require_POST
def portal_update_send(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Post what the reader of the preview has before them."""
    row = _editable(request, slug, pk)
    form = UpdateForm(_as_data(row.newest), instance=row.newest, user=request.user, sending=True)
    if not form.is_valid():  # something is missing: where to fill it in is the form
        return _form_page(request, form, row)
    return _done(request, row, send_in, version=request.POST.get("version", ""))


@login_required
@require_POST
def portal_update_withdraw(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Take an update away from its readers."""
    return _done(request, _editable(request, slug, pk), withdraw)


@login_required
@require_POST
def portal_update_discard(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Give up a change."""
    return _done(request, _editable(request, slug, pk), discard_changes)


@login_required
@require_POST
def portal_update_delete(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Remove a draft."""
    row = _editable(request, slug, pk)
    try:
        delete_draft(update=row, by=request.user)
    except ValidationError as error:
        messages.error(request, error.message)
        return redirect(row.portal_url)
    messages.success(request, "Het concept is verwijderd.")
    return redirect("portal_updates", slug)


# --- Writing ---------------------------------------------------------------------------------------------------------


def _write(request: HttpRequest, update: Update) -> HttpResponse:
    """The form, and what it sends. Whatever is asked, the words are kept as a draft first."""
    if request.method != "POST":
        return _form_page(request, UpdateForm(instance=update, user=request.user), update)
    form = UpdateForm(request.POST, request.FILES, instance=update, user=request.user)
    if not form.is_valid():
        return _form_page(request, form, update)
    if update.pk is None:
        update.submission = form.cleaned_data["submission"]
    try:
        row = save_draft(
            update=form.instance,
            by=request.user,
            version=form.cleaned_data["version"],
            picture=form.cleaned_data["photo"],
            drop_picture=form.cleaned_data.get("drop_photo", False),
        )
    except ValidationError as error:
        return _stale(request, form, error)
    if request.POST.get("do") != "send":
        messages.success(request, KEPT)
        return redirect(row.portal_url)
    return _send(request, row)


def _send(request: HttpRequest, row: Update) -> HttpResponse:
    """Send in what was just kept; with what is missing its author gets the form again, and the photo is kept already."""
    form = UpdateForm(request.POST, instance=row.newest, user=request.user, sending=True)
    if form.is_valid():
        return _done(request, row, send_in, version=row.version)
    form.renew(row.version)
    messages.success(request, KEPT)
    return _form_page(request, form, row)


def _stale(request: HttpRequest, form: UpdateForm, error: ValidationError) -> HttpResponse:
    """Somebody saved another version meanwhile: show it below what was typed, which can be sent again."""
    row = Update.objects.get(submission=form.instance.submission)
    form.add_error(None, error)
    form.renew(row.version)
    return _form_page(request, form, row, newer=row.newest)


def _form_page(request: HttpRequest, form: UpdateForm, update: Update, **context) -> HttpResponse:
    return render(request, "partner/update_form.html", {"pilot": update.pilot, "row": update, "form": form, **context})


def _as_data(update: Update) -> dict:
    """The form of an update as if somebody had sent it as it stands."""
    data = {name: getattr(update, name) for name in ("title", "text", "audience", "picture_alt")}
    return {
        **data,
        "picture_decorative": "on" if update.picture_decorative else "",
        "theme": update.theme_id or "",
        "version": update.version,
        "submission": str(uuid.uuid4()),
    }


# --- What they share -------------------------------------------------------------------------------------------------


def _of_pilot(pilot: Pilot):
    return Update.objects.filter(pilot=pilot).select_related("author", "theme", "pilot", "latest_revision")


def _editable(request: HttpRequest, slug: str, pk: int) -> Update:
    pilot = get_object_or_404(Pilot.objects.of_member(request.user), slug=slug)
    return get_object_or_404(_of_pilot(pilot).editable_by(request.user), pk=pk)


def _done(request: HttpRequest, row: Update, action, **arguments) -> HttpResponse:
    """Do it, say how it stands now, and go back to the update."""
    try:
        row = action(update=row, by=request.user, **arguments)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect(row.portal_url)
    told = {UpdateState.WAITING: SENT_IN, UpdateState.POSTED: POSTED}
    if action is withdraw:
        messages.success(request, "Uw bericht is ingetrokken. Alleen u ziet het nog.")
    elif action is discard_changes:
        messages.success(request, "Uw wijziging is weg. Lezers zien wat zij al zagen.")
    else:
        messages.success(request, told[row.state])
    return redirect(row.portal_url)


def _remark(row: Update) -> Decision | None:
    """What the team wrote when it gave the update back or hid it."""
    if row.state not in {UpdateState.RETURNED, UpdateState.HIDDEN}:
        return None
    return Decision.objects.on(row).first()
