"""Who takes part in a pilot, seen by its own people and looked after by its penvoerder."""

from collections.abc import Callable

from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from pilots.actions import members as actions
from pilots.forms.members import InviteForm, RoleForm
from pilots.models import MemberRole, Membership, Pilot, PilotInvitation
from pilots.permissions import may_manage, may_read

MANY_INVITED = "U hebt vandaag al veel uitnodigingen verstuurd. Probeer het morgen nog een keer."


@login_required
@require_safe
def portal_members(request: HttpRequest, slug: str) -> HttpResponse:
    """The people of a pilot; a penvoerder also sees their addresses and whom they invited."""
    pilot = get_object_or_404(Pilot.objects.of_member(request.user), slug=slug)
    manages = may_manage(request.user, pilot)
    context = {
        "pilot": pilot,
        "manages": manages,
        "memberships": pilot.memberships.in_order().select_related("user", "organisation"),
        "invitations": pilot.invitations.pending().select_related("organisation") if manages else [],
    }
    return render(request, "partner/members_list.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def portal_invite(request: HttpRequest, slug: str) -> HttpResponse:
    """A penvoerder asks somebody to take part. Only the team makes somebody penvoerder who is not in the pilot yet."""
    pilot = get_object_or_404(Pilot.objects.managed_by(request.user), slug=slug)
    form = InviteForm(_posted(request), pilot=pilot, roles=[MemberRole.EDITOR, MemberRole.READER])
    if request.method == "POST" and form.is_valid():
        if not ratelimit.consume(request, action="invite"):
            form.add_error(None, MANY_INVITED)
        elif attempt(form, lambda: actions.invite(pilot=pilot, by=request.user, **form.cleaned_data)):
            messages.success(request, f"De uitnodiging aan {form.cleaned_data['email']} is verstuurd.")
            return redirect("portal_members", slug)
    return render(request, "partner/members_invite.html", {"pilot": pilot, "form": form})


@login_required
@require_POST
def portal_invitation(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Send an invitation again, or withdraw it."""
    pilot = get_object_or_404(Pilot.objects.managed_by(request.user), slug=slug)
    invited = get_object_or_404(PilotInvitation, pilot=pilot, pk=pk)
    if request.POST.get("do") == "resend" and not ratelimit.consume(request, action="invite"):
        messages.error(request, MANY_INVITED)
        return redirect("portal_members", slug)
    say_what_came_of(request, lambda: handle_invitation(invited, request.POST.get("do", ""), request.user))
    return redirect("portal_members", slug)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def portal_member(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """What a penvoerder can do for one member: another role, handing over, ending."""
    pilot = get_object_or_404(Pilot.objects.managed_by(request.user), slug=slug)
    membership = get_object_or_404(Membership.objects.select_related("user", "organisation"), pilot=pilot, pk=pk)
    if request.method == "POST":
        say_what_came_of(request, lambda: handle_member(membership, request.POST, request.user))
        return redirect("portal_members", slug) if may_read(request.user, pilot) else redirect("portal_home")
    context = {"pilot": pilot, "membership": membership, "form": RoleForm(instance=membership)}
    return render(request, "partner/members_one.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def portal_leave(request: HttpRequest, slug: str) -> HttpResponse:
    """Somebody stops taking part, whatever their role."""
    pilot = get_object_or_404(Pilot.objects.of_member(request.user), slug=slug)
    mine = get_object_or_404(Membership, pilot=pilot, user=request.user)
    if request.method == "POST":
        try:
            actions.end_membership(membership=mine, by=request.user)
        except ValidationError as error:
            messages.error(request, error.messages[0])
            return redirect("portal_members", slug)
        messages.success(request, f"U doet niet meer mee aan de pilot {pilot}.")
        return redirect("portal_home")
    return render(request, "partner/members_leave.html", {"pilot": pilot, "is_last_lead": actions.is_last_lead(mine)})


# --- What the portal and the admin share ------------------------------------------------------------------------------


def handle_invitation(invited: PilotInvitation, do: str, by) -> str:
    """Do what a button at an invitation asks, and say what was done. Raises ValidationError."""
    if do == "resend":
        actions.resend(invitation=invited, by=by)
        return f"De uitnodiging aan {invited.email} is opnieuw verstuurd, met een nieuwe code."
    if do == "withdraw":
        actions.withdraw(invitation=invited, by=by)
        return f"De uitnodiging aan {invited.email} is ingetrokken."
    raise ValidationError("Kies wat er moet gebeuren.")


def handle_member(membership: Membership, data, by) -> str:
    """Do what a button at a member asks, and say what was done. Raises ValidationError."""
    do, name = data.get("do"), membership.user.get_full_name() or membership.user.email
    if do == "end":
        actions.end_membership(membership=membership, by=by)
        return f"{name} hoort niet meer bij de pilot."
    if do == "hand_over":
        actions.hand_over(to=membership, by=by)
        return f"{name} is nu penvoerder. U bent redacteur."
    if do == "role" and data.get("role") in MemberRole.values:
        actions.change_role(membership=membership, role=data["role"], by=by)
        return f"{name} is nu {MemberRole(data['role']).label}."
    raise ValidationError("Kies wat er moet gebeuren.")


def say_what_came_of(request: HttpRequest, work: Callable[[], str]) -> None:
    """Do something and tell how it went, on the next page."""
    try:
        messages.success(request, work())
    except ValidationError as error:
        messages.error(request, error.messages[0])


def attempt(form, work: Callable[[], object]) -> bool:
    """Do something with what a form holds; a reason not to becomes an error of the form. Returns whether it is done."""
    try:
        work()
    except ValidationError as error:
        form.add_error(None, error)
        return False
    return True


def _posted(request: HttpRequest) -> QueryDict | None:
    """What was typed, if anything was sent; a form without it is a fresh one."""
    return request.POST if request.method == "POST" else None
