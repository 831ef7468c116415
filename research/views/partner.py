"""Good practices in the partner portal: telling of one step by step, sending it in and following it to the site."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from pilots.models import Pilot
from research import actions, consent
from research.forms_submission import AnswerForm, SendInForm, StartForm, StepForm
from research.guide import BY_NAME, CHECK, STEPS, Step, missing
from research.models import PracticeSubmission

get_or_post = require_http_methods(["GET", "HEAD", "POST"])


@login_required
@require_safe
def practices(request: HttpRequest, slug: str) -> HttpResponse:
    """The practices of one pilot that are being written, on their way or done."""
    pilot = get_object_or_404(Pilot.objects.of_member(request.user), slug=slug)
    rows = list(_listed(request, slug))
    context = {
        "pilot": pilot,
        "asked": [row for row in rows if row.asks_partners],
        "drafts": [row for row in rows if row.state == row.State.CONCEPT],
        "under_way": [row for row in rows if row.is_under_way],
        "done": [row for row in rows if not row.can_be_withdrawn],
        "may_write": Pilot.objects.writable_by(request.user).filter(pk=pilot.pk).exists(),
    }
    return render(request, "partner/practices_list.html", context)


@login_required
@get_or_post
def practice_new(request: HttpRequest, slug: str) -> HttpResponse:
    """The first step of a new practice; it is stored when that is."""
    pilot = get_object_or_404(Pilot.objects.writable_by(request.user), slug=slug)
    form = StartForm(STEPS[0], request.POST or None, initial={"submission": uuid.uuid4()})
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                started = actions.start_submission(
                    pilot=pilot, by=request.user, submission=form.cleaned_data["submission"]
                )
                _save(request, started, form)
            return _onward(request, started, STEPS[0])
        except actions.Stale as stale:
            form.show_newer(stale.submission)
        except ValidationError as error:
            form.add_error(None, error)
    return render(request, "partner/practices_step.html", _step_context(PracticeSubmission(pilot=pilot), form))


@login_required
@get_or_post
def practice_step(request: HttpRequest, slug: str, pk: int, step: str) -> HttpResponse:
    """One step of the guided form; every button keeps what was typed and goes on to somewhere."""
    submission = _writable(request, slug, pk)
    if step == CHECK.name or step not in BY_NAME:
        raise Http404
    if not submission.is_writable and request.method != "POST":
        return redirect(submission.portal_url)
    form = StepForm(BY_NAME[step], request.POST or None, instance=submission)
    if request.method == "POST" and form.is_valid():
        try:
            _save(request, submission, form)
            return _onward(request, submission, form.step)
        except actions.Stale as stale:
            form.show_newer(stale.submission)
        except ValidationError as error:
            form.add_error(None, error)
    stored = _writable(request, slug, pk)  # a form that was refused has put its words in the other
    return render(request, "partner/practices_step.html", _step_context(stored, form))


@login_required
@get_or_post
def practice_check(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """The last step: read all of it and send it in."""
    submission = _writable(request, slug, pk)
    if not submission.is_writable and request.method != "POST":
        return redirect(submission.portal_url)
    form = SendInForm(request.POST or None, submission=submission)
    if request.method == "POST" and form.is_valid():
        try:
            actions.send_in(submission=submission, by=request.user, **form.cleaned_data)
            messages.success(request, "Uw voorbeeld is ingestuurd. Hieronder ziet u hoe het verdergaat.")
            return redirect(submission.portal_url)
        except ValidationError as error:
            submission = _writable(request, slug, pk)
            form.show(submission, error)
    context = {**_step_context(submission, form), "missing": missing(submission)}
    return render(request, "partner/practices_check.html", context)


@login_required
@get_or_post
def practice(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Where it is, what was said about it, and when the pilot is asked for consent: what changed, and the answer."""
    submission = _readable(request, slug, pk)
    may_write = PracticeSubmission.objects.writable_by(request.user).filter(pk=pk).exists()
    if request.method == "POST" and not may_write:
        raise Http404
    form = AnswerForm(request.POST or None, initial={"version": submission.asked_seal})
    if request.method == "POST" and form.is_valid():
        try:
            _answer(request, submission, form)
            return redirect(submission.portal_url)
        except ValidationError as error:
            form.add_error(None, error)
            submission = _readable(request, slug, pk)
    asked = submission.asked_version if submission.waits_for_consent else None
    context = {
        "pilot": submission.pilot,
        "submission": submission,
        "form": form,
        "asked": asked,
        "changes": consent.changes(submission, asked) if asked else [],
        "may_write": may_write,
        "steps": STEPS,
    }
    return render(request, "partner/practices_detail.html", context)


@login_required
@require_safe
def practice_preview(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """The public page in the version about which the pilot was asked."""
    submission = _readable(request, slug, pk)
    version = submission.asked_version
    if version is None:
        raise Http404
    response = version.serve_preview(request, version.default_preview_mode)
    response.context_data |= {
        "preview_note": "Zo komt uw voorbeeld op de site.",
        "preview_back": submission.portal_url,
    }
    return response


@login_required
@get_or_post
def practice_withdraw(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Take it back, after being asked once more."""
    submission = _writable(request, slug, pk)
    if request.method == "POST":
        try:
            actions.withdraw_submission(submission=submission, by=request.user)
            messages.success(request, f"‘{submission}’ is ingetrokken.")
        except ValidationError as error:
            messages.error(request, error.messages[0])
        return redirect(submission.portal_url)
    if not submission.can_be_withdrawn:
        return redirect(submission.portal_url)
    return render(request, "partner/practices_withdraw.html", {"pilot": submission.pilot, "submission": submission})


def _listed(request: HttpRequest, slug: str):
    rows = PracticeSubmission.objects.readable_by(request.user).filter(pilot__slug=slug)
    return rows.select_related("pilot", "author", "edited_by", "practice")


def _readable(request: HttpRequest, slug: str, pk: int) -> PracticeSubmission:
    rows = _listed(request, slug).select_related("pilot", "author", "edited_by", "practice", "asked_revision")
    return get_object_or_404(rows.prefetch_related("events__by", "themes"), pk=pk)


def _writable(request: HttpRequest, slug: str, pk: int) -> PracticeSubmission:
    rows = PracticeSubmission.objects.writable_by(request.user).select_related("pilot", "edited_by")
    return get_object_or_404(rows, pk=pk, pilot__slug=slug)


def _save(request: HttpRequest, submission: PracticeSubmission, form: StepForm) -> None:
    actions.save_step(
        submission=submission,
        by=request.user,
        step=form.step,
        answers=form.answers,
        opened_as=form.cleaned_data["opened_as"],
    )


def _onward(request: HttpRequest, submission: PracticeSubmission, step: Step) -> HttpResponse:
    """Where the button leads that was pressed: to a step by its name, to where one stops, or else to the next step."""
    wanted = request.POST.get("naar", "")
    if wanted == "stoppen":
        messages.success(request, "Bewaard. U kunt later verder, en uw collega's ook.")
        return redirect(submission.portal_url)
    messages.success(request, "Bewaard.")
    names = [one.name for one in STEPS]
    name = wanted if wanted in BY_NAME else names[names.index(step.name) + 1]
    return redirect("portal_practice_step", submission.pilot.slug, submission.pk, name)


def _step_context(submission: PracticeSubmission, form) -> dict:
    """What the pages of the guided form share: the line with all steps, and which of them still want an answer."""
    here = getattr(form, "step", CHECK)
    number = STEPS.index(here)
    returned = submission.state == submission.State.RETURNED
    return {
        "pilot": submission.pilot,
        "submission": submission,
        "form": form,
        "step": here,
        "number": number + 1,
        "previous": STEPS[number - 1] if number else None,
        "steps": [(step, step == here, len(step.missing(submission))) for step in STEPS],
        "remark": submission.events.filter(state=submission.State.RETURNED).last() if returned else None,
    }


def _answer(request: HttpRequest, submission: PracticeSubmission, form: AnswerForm) -> None:
    version, remark = form.cleaned_data["version"], form.cleaned_data["remark"]
    if request.POST.get("antwoord") == "akkoord":
        actions.consent(submission=submission, by=request.user, version=version)
        messages.success(request, "Dank u wel. Het programmateam plaatst uw voorbeeld.")
    else:
        actions.object_to(submission=submission, by=request.user, remark=remark, version=version)
        messages.success(request, "Uw opmerking is verstuurd. Het programmateam past de tekst aan en vraagt u opnieuw.")
