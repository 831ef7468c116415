"""Proposing changes to the page of one's own pilot: overview, form, check, preview, withdrawal."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from mkbroute.core.models import Decision
from pilots.actions import proposals as actions
from pilots.changes import described, differences, places
from pilots.content import Content, content_of, drawable
from pilots.forms.proposals import ProposalForm, typed
from pilots.forms.rows import press
from pilots.forms.sending import SendForm
from pilots.models import Pilot, Proposal
from pilots.permissions import may_write

page = require_http_methods(["GET", "HEAD", "POST"])


@login_required
@page
def portal_proposal(request: HttpRequest, slug: str) -> HttpResponse:
    """What visitors see now and how the proposal stands; POST begins one."""
    if request.method == "POST":
        pilot = get_object_or_404(Pilot.objects.writable_by(request.user), slug=slug)
        try:
            actions.start_proposal(pilot=pilot, by=request.user, submission=_uuid(request.POST.get("submission")))
        except ValidationError as error:
            messages.error(request, error.messages[0])
            return redirect("portal_proposal", slug)
        return redirect("portal_proposal_edit", slug)
    pilot = get_object_or_404(Pilot.objects.of_member(request.user), slug=slug)
    proposals = list(Proposal.objects.filter(pilot=pilot).select_related("author", "changed_by")[:10])
    proposal = next((one for one in proposals if one.is_open), None)
    live = content_of(pilot.serializable_data())
    context = {
        "pilot": pilot,
        "proposal": proposal,
        "earlier": [one for one in proposals if not one.is_open and one.sent_at],
        "decision": Decision.objects.on(proposal).first() if proposal else None,
        "changes": differences(proposal.base, proposal.content) if proposal else [],
        "has_moved": proposal is not None and proposal.base != live,
        "described": described(live),
        "may_write": may_write(request.user, pilot),
        "team_is_busy": pilot.has_unpublished_changes,
        "submission": uuid.uuid4(),
    }
    return render(request, "partner/proposal.html", context)


@login_required
@page
def portal_proposal_edit(request: HttpRequest, slug: str) -> HttpResponse:
    """The form. Saving takes it as it is; the buttons of rows only draw it again."""
    pilot = get_object_or_404(Pilot.objects.writable_by(request.user), slug=slug)
    if request.method == "POST":
        return _receive(request, pilot)
    proposal = Proposal.objects.open().filter(pilot=pilot).select_related("changed_by").first()
    if proposal is None:
        return redirect("portal_proposal", slug)
    is_checked = "nakijken" in request.GET
    return _draw(request, pilot, proposal, proposal.content, proposal.note, is_checked=is_checked)


def _receive(request: HttpRequest, pilot: Pilot) -> HttpResponse:
    submission = _uuid(request.POST.get("submission"))
    proposal = get_object_or_404(Proposal.objects.select_related("changed_by"), pilot=pilot, submission=submission)
    content, note = typed(request.POST, proposal.base)
    action = request.POST.get("actie", "")
    if (focus := press(action, content, proposal.base)) is not None:
        return _draw(request, pilot, proposal, content, note, version=request.POST.get("version", ""), focus=focus)
    if not ProposalForm(content, note, is_checked=True, base=proposal.base).note.is_valid():
        return _draw(request, pilot, proposal, content, note, is_checked=True)
    try:
        proposal = actions.save_proposal(
            proposal=proposal, content=content, note=note, version=request.POST.get("version", ""), by=request.user
        )
    except actions.Stale as error:
        return _draw(request, pilot, proposal, content, note, refused=error.messages[0])
    except ValidationError as error:
        return _save_anew(request, pilot, proposal, content, note, error)
    messages.success(request, "Bewaard. Het team ziet het pas als u het instuurt.")
    return redirect("portal_proposal_check" if action == "controleer" else "portal_proposal_edit", pilot.slug)


def _save_anew(
    request: HttpRequest, pilot: Pilot, old: Proposal, content: Content, note: str, error: ValidationError
) -> HttpResponse:
    """The proposal was settled while somebody typed: what they typed becomes a new one, unless a colleague began that."""
    if Proposal.objects.open().filter(pilot=pilot).exists():
        refused = f"{error.messages[0]} Een collega is al met een nieuw voorstel bezig. Kopieer wat u typte en ga daar verder."
        return _draw(request, pilot, old, content, note, refused=refused)
    try:
        actions.continue_proposal(old=old, content=content, note=note, by=request.user)
    except ValidationError as problem:
        return _draw(request, pilot, old, content, note, refused=problem.messages[0])
    messages.warning(request, f"{error.messages[0]} Wat u typte, is bewaard als een nieuw voorstel.")
    return redirect("portal_proposal_edit", pilot.slug)


def _draw(
    request: HttpRequest,
    pilot: Pilot,
    proposal: Proposal,
    content: Content,
    note: str,
    *,
    is_checked: bool = False,
    version: int | str | None = None,
    refused: str = "",
    focus: str = "",
) -> HttpResponse:
    base = proposal.base
    context = {
        "pilot": pilot,
        "proposal": proposal,
        "form": ProposalForm(content, note, is_checked=is_checked, base=base),
        "version": proposal.version if version is None else version,
        "refused": refused,
        "theirs": differences(content, proposal.content) if refused else [],
        "focus": focus,
    }
    return render(request, "partner/proposal_form.html", context)


@login_required
@page
def portal_proposal_check(request: HttpRequest, slug: str) -> HttpResponse:
    """What changes, field by field. POST sends exactly this in, or takes over what stands on the site now."""
    pilot = get_object_or_404(Pilot.objects.writable_by(request.user), slug=slug)
    proposal = Proposal.objects.open().filter(pilot=pilot).select_related("changed_by").first()
    if proposal is None:
        return redirect("portal_proposal", slug)
    if not ProposalForm(proposal.content, proposal.note, is_checked=True, base=proposal.base).is_valid():
        return redirect(reverse("portal_proposal_edit", args=[slug]) + "?nakijken")
    changes = differences(proposal.base, proposal.content)
    if request.method == "POST" and request.POST.get("actie") == "bijwerken":
        return _rebase(request, proposal)
    form = SendForm(request.POST or None, changes=changes, note=proposal.note, initial={"version": proposal.version})
    if request.method == "POST" and form.is_valid():
        try:
            actions.submit_proposal(proposal=proposal, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            messages.error(request, error.messages[0])
            return redirect(request.path)
        messages.success(request, "Uw voorstel is ingestuurd. U krijgt een mail als het team het heeft bekeken.")
        return redirect("portal_proposal", slug)
    live = content_of(pilot.serializable_data())
    clash = actions.conflicts_of(proposal, live)
    context = {
        "pilot": pilot,
        "proposal": proposal,
        "form": form,
        "changes": changes,
        "live_changes": differences(proposal.base, live),
        "clash": places(clash, proposal.base, live) if clash else "",
    }
    return render(request, "partner/proposal_check.html", context)


def _rebase(request: HttpRequest, proposal: Proposal) -> HttpResponse:
    try:
        actions.rebase_proposal(proposal=proposal, version=request.POST.get("version", ""), by=request.user)
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        messages.success(request, "Uw voorstel gaat nu uit van wat er op de site staat. Wat u zelf typte, is gebleven.")
    return redirect(request.path)


@login_required
@require_safe
def portal_proposal_preview(request: HttpRequest, slug: str) -> HttpResponse:
    """The public page as it would be."""
    pilot = get_object_or_404(Pilot.objects.writable_by(request.user).select_related("sector"), slug=slug)
    proposal = get_object_or_404(Proposal.objects.open(), pilot=pilot)
    shown = actions.proposed_page(pilot, drawable(proposal.content))
    context = {**shown.page_context(), "preview_proposal": proposal}
    return TemplateResponse(request, "partner/proposal_preview.html", context)


@login_required
@page
def portal_proposal_withdraw(request: HttpRequest, slug: str) -> HttpResponse:
    """Asks whether the proposal may go; POST withdraws it."""
    pilot = get_object_or_404(Pilot.objects.writable_by(request.user), slug=slug)
    proposal = Proposal.objects.open().filter(pilot=pilot).select_related("changed_by").first()
    if proposal is None:
        return redirect("portal_proposal", slug)
    if request.method != "POST":
        return render(request, "partner/proposal_withdraw.html", {"pilot": pilot, "proposal": proposal})
    try:
        actions.withdraw_proposal(proposal=proposal, version=request.POST.get("version", ""), by=request.user)
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        messages.success(request, "Het voorstel is ingetrokken. De pilotpagina blijft zoals hij is.")
    return redirect("portal_proposal", slug)


def _uuid(text: str | None) -> uuid.UUID:
    """The name of a form; a forged one becomes a new one, which nothing has."""
    try:
        return uuid.UUID(text)
    except (TypeError, ValueError, AttributeError):
        return uuid.uuid4()
