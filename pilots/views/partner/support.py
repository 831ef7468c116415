"""Support as the people of a pilot see it: what they asked, what was agreed, and the conversation about one question."""

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.views.decorators.http import require_http_methods, require_safe

from pilots.actions.support import answer_team, ask_support, close_support, reopen_support
from pilots.forms.support import SupportMessageForm, SupportRequestForm
from pilots.models import Pilot, SupportRequest
from pilots.permissions import may_write

REQUESTS_PER_PAGE = 20
NEWEST_AGREEMENTS = 5
"""So many are in view; the older ones open below them."""


@login_required
@require_safe
def portal_support(request: HttpRequest, slug: str) -> HttpResponse:
    """What the pilot asked, what is open first, and what was agreed with the team."""
    pilot = get_object_or_404(Pilot.objects.of_member(request.user), slug=slug)
    asked = pilot.support_requests.with_people().order_by(F("closed_at").desc(nulls_first=True), "-changed_at")
    agreements = list(pilot.contact_moments.shared().only("pilot", "date", "kind", "agreements", "next_contact_on"))
    context = {
        "pilot": pilot,
        "page": Paginator(asked, REQUESTS_PER_PAGE).get_page(request.GET.get("pagina")),
        "agreements": agreements[:NEWEST_AGREEMENTS],
        "older_agreements": agreements[NEWEST_AGREEMENTS:],
        "may_write": may_write(request.user, pilot),
    }
    return render(request, "partner/support_list.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def portal_support_new(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask something; ``?vorige=<number>`` goes on from an older question of the same pilot."""
    pilot = get_object_or_404(Pilot.objects.writable_by(request.user), slug=slug)
    earlier = _earlier(request, pilot)
    asked = SupportRequest(pilot=pilot, follows=earlier)
    form = SupportRequestForm(request.POST or None, instance=asked, initial=_going_on_from(earlier))
    if request.method == "POST" and form.is_valid():
        asked = ask_support(pilot=pilot, by=request.user, request=form.instance)
        messages.success(
            request, "Uw vraag is verstuurd. Het programmateam antwoordt hier en u krijgt daar een mail van."
        )
        return redirect(asked.portal_url)
    return render(request, "partner/support_new.html", {"pilot": pilot, "form": form, "earlier": earlier})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def portal_support_request(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """One question with everything said about it. The button pressed says what is done with what was written."""
    pilots = (
        Pilot.objects.writable_by(request.user) if request.method == "POST" else Pilot.objects.of_member(request.user)
    )
    pilot = get_object_or_404(pilots, slug=slug)
    asked = get_object_or_404(pilot.support_requests.with_people(), pk=pk)
    form = SupportMessageForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if done := _do(request, asked, form):
            messages.success(request, done)
            return redirect(asked.portal_url)
        asked = pilot.support_requests.with_people().get(pk=pk)  # as it is by now
    context = {
        "pilot": pilot,
        "asked": asked,
        "said": asked.messages.shared().select_related("author"),
        "form": form.about(asked),
        "may_write": request.method == "POST" or may_write(request.user, pilot),
    }
    return render(request, "partner/support_detail.html", context)


def _do(request: HttpRequest, asked: SupportRequest, form: forms.Form) -> str:
    """Do what the button says, and return what was done; empty when it could not be done: the form then says why."""
    said = {key: form.cleaned_data[key] for key in ("text", "submission")}
    try:
        match request.POST.get("doe"):
            case "oplossen":
                close_support(request=asked, by=request.user, version=form.cleaned_data["version"] or 0, **said)
                return "Uw vraag is afgerond."
            case "heropenen":
                reopen_support(request=asked, by=request.user, **said)
                return "Uw vraag is weer open. Het programmateam is aan zet."
            case _:
                answer_team(request=asked, by=request.user, **said)
                return "Uw antwoord is verstuurd. Het programmateam is aan zet."
    except ValidationError as error:
        form.add_error("text" if error.code == "empty" else None, error)
        return ""


def _earlier(request: HttpRequest, pilot: Pilot) -> SupportRequest | None:
    number = request.GET.get("vorige", "")
    return pilot.support_requests.filter(pk=int(number)).first() if number.isdecimal() and len(number) < 10 else None


def _going_on_from(earlier: SupportRequest | None) -> dict:
    """What a form starts with that goes on from an older question."""
    if earlier is None:
        return {}
    asked_on = date_format(timezone.localdate(earlier.created_at), "j F Y")
    return {
        "title": earlier.title,
        "theme": earlier.theme_id,
        "question": f"Dit gaat verder op mijn vraag van {asked_on}:\n\n{earlier.question}\n\nNieuw is:\n",
    }
