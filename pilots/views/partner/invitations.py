"""Where the link in an invitation leads: to who invites whom for what. Only the code, typed in, changes anything."""

from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import perform_login
from allauth.core import ratelimit
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from pilots.actions.members import Blocked, accept_invitation
from pilots.forms.members import AcceptForm
from pilots.models import PilotInvitation

TOO_OFTEN = "Vanaf uw internetverbinding is te vaak een code geprobeerd. Probeer het over een uur nog een keer."


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """What somebody is asked, and a field for the code from the mail."""
    invitations = PilotInvitation.objects.select_related("pilot", "organisation", "invited_by")
    invited = get_object_or_404(invitations, token=token)
    if request.user.is_authenticated and invited.accepted_by_id == request.user.pk:
        return redirect("portal_pilot", invited.pilot.slug)
    if not invited.is_open or invited.is_used_up:
        return render(request, "partner/invitation_over.html", {"invitation": invited})
    form = AcceptForm(_posted(request), invitation=invited, asks_name=request.user.is_anonymous)
    if request.method == "POST" and form.is_valid():
        return _accept(request, invited, form)
    return _page(request, invited, form)


def _accept(request: HttpRequest, invited: PilotInvitation, form: AcceptForm) -> HttpResponse:
    if not ratelimit.consume(request, action="invitation"):
        form.add_error("code", TOO_OFTEN)
        return _page(request, invited, form, status=429)
    user = request.user if request.user.is_authenticated else None
    try:
        membership = accept_invitation(invitation=invited, user=user, **form.cleaned_data)
    except Blocked:
        return redirect("account_inactive")
    except ValidationError as error:
        form.add_error("code", error)
        return _page(request, invited, form)
    messages.success(request, f"Welkom. U doet nu mee aan de pilot {membership.pilot}.")
    landing = reverse("portal_pilot", args=[membership.pilot.slug])
    if user:
        return redirect(landing)
    # As after a code to sign in with: a second step, if they have one, is still asked.
    record_authentication(request, membership.user, method="code", email=membership.user.email)
    return perform_login(request, membership.user, redirect_url=landing, email=membership.user.email)


def _page(request: HttpRequest, invited: PilotInvitation, form: AcceptForm, status: int = 200) -> HttpResponse:
    is_other = request.user.is_authenticated and request.user.email != invited.email
    context = {"invitation": invited, "form": form, "is_other": is_other}
    return render(request, "partner/invitation.html", context, status=status)


def _posted(request: HttpRequest) -> QueryDict | None:
    """What was typed, if anything was sent; a form without it is a fresh one."""
    return request.POST if request.method == "POST" else None
