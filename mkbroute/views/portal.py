"""The start of the partner portal: one's pilots and what goes on around them."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from mkbroute.portal import overview, start_visit
from pilots.models import Membership, Pilot


@login_required
@require_safe
def portal_home(request: HttpRequest) -> HttpResponse:
    """My pilots, what is asked of me, what happened, my drafts and what I sent in."""
    mine = Membership.objects.filter(user=request.user).select_related("pilot", "organisation").order_by("pilot")
    memberships = list(mine)
    since = start_visit(request.user, memberships, request.session)
    context = {
        "memberships": memberships,
        "writable": list(Pilot.objects.writable_by(request.user).in_short()),
        "since": since,
        "overview": overview(request.user, memberships, since=since),
    }
    return render(request, "partner/home.html", context)
