"""The team's side of who takes part in which pilot: the same verbs as the penvoerder has, for every pilot and every role."""

from functools import wraps

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import include, path, reverse
from django.views.decorators.http import require_POST, require_safe
from wagtail.admin.menu import MenuItem

from network.models import Organisation
from pilots.actions import members as actions
from pilots.forms.members import InviteForm, RoleForm
from pilots.models import MemberRole, Membership, Pilot, PilotInvitation
from pilots.views.partner.members import attempt, handle_invitation, handle_member, say_what_came_of

MAY_LOOK_AFTER = "pilots.change_membership"
"""The right to say who takes part; the team has it."""

TITLE = "Mensen"


class PeopleMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return request.user.has_perm(MAY_LOOK_AFTER)


def people_menu_item() -> MenuItem:
    return PeopleMenuItem(TITLE, reverse("people"), icon_name="group", order=15)


def for_who_looks_after_people(view):
    """Open a screen only to who has the right."""

    @wraps(view)
    def checking(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if not request.user.has_perm(MAY_LOOK_AFTER):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return checking


@for_who_looks_after_people
@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """Every pilot, with how many people it has and how many are invited."""
    pilots = Pilot.objects.order_by("number").annotate(
        people=Count("memberships", distinct=True),
        leads=Count(
            "memberships",
            Q(memberships__role=MemberRole.LEAD, memberships__user__is_active=True),
            distinct=True,
        ),
        invited=Count("invitations", Q(invitations__accepted_at=None, invitations__withdrawn_at=None), distinct=True),
    )
    return _screen(request, "pilots/admin/people.html", TITLE, pilots=pilots)


@for_who_looks_after_people
def people_of(request: HttpRequest, pk: int) -> HttpResponse:
    """The people of one pilot, the invitations that are open, and a form to invite."""
    pilot = get_object_or_404(Pilot, pk=pk)
    form = InviteForm(
        request.POST if request.method == "POST" else None,
        pilot=pilot,
        roles=MemberRole.values,
        organisations=Organisation.objects.order_by("title"),
    )
    if form.is_valid() and attempt(form, lambda: actions.invite(pilot=pilot, by=request.user, **form.cleaned_data)):
        messages.success(request, f"De uitnodiging aan {form.cleaned_data['email']} is verstuurd.")
        return redirect("people_of", pk)
    return _screen(
        request,
        "pilots/admin/people_of.html",
        "Wie doet er mee?",
        pilot=pilot,
        form=form,
        memberships=pilot.memberships.in_order().select_related("user", "organisation"),
        invitations=pilot.invitations.pending().select_related("organisation", "invited_by"),
    )


@for_who_looks_after_people
def person_of(request: HttpRequest, pk: int) -> HttpResponse:
    """One member: another role, or taking them out of the pilot."""
    membership = get_object_or_404(Membership.objects.select_related("pilot", "user", "organisation"), pk=pk)
    if request.method == "POST":
        say_what_came_of(request, lambda: handle_member(membership, request.POST, request.user))
        return redirect("people_of", membership.pilot_id)
    return _screen(
        request,
        "pilots/admin/person_of.html",
        str(membership.user),
        pilot=membership.pilot,
        membership=membership,
        form=RoleForm(instance=membership),
    )


@require_POST
@for_who_looks_after_people
def invitation_of(request: HttpRequest, pk: int) -> HttpResponse:
    """Send an invitation again, or withdraw it."""
    invited = get_object_or_404(PilotInvitation.objects.select_related("pilot"), pk=pk)
    say_what_came_of(request, lambda: handle_invitation(invited, request.POST.get("do", ""), request.user))
    return redirect("people_of", invited.pilot_id)


def _screen(request: HttpRequest, template: str, title: str, *, pilot: Pilot | None = None, **context) -> HttpResponse:
    crumbs = [{"url": reverse("wagtailadmin_home"), "label": "Home"}, {"url": reverse("people"), "label": TITLE}]
    if pilot:
        crumbs.append({"url": reverse("people_of", args=[pilot.pk]), "label": str(pilot)})
    if title != TITLE:
        crumbs.append({"url": "", "label": title})
    page = {"page_title": title, "header_icon": "group", "breadcrumbs_items": crumbs}
    return render(request, template, {**page, "pilot": pilot, **context})


# Wagtail puts these below /admin/ and lets in only who may enter the admin.
admin_urls = [
    path(
        "mensen/",
        include(
            [
                path("", people, name="people"),
                path("pilot/<int:pk>/", people_of, name="people_of"),
                path("lid/<int:pk>/", person_of, name="person_of"),
                path("uitnodiging/<int:pk>/", invitation_of, name="invitation_of"),
            ]
        ),
    )
]
