"""The start of the partner portal: one's pilots and what goes on around them."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from pilots.models import Membership


@login_required
@require_safe
def portal_home(request: HttpRequest) -> HttpResponse:
    """My pilots, what is asked of me, what happened, my drafts and what I sent in."""
    memberships = Membership.objects.filter(user=request.user).select_related("pilot", "organisation")
    return render(request, "partner/home.html", {"memberships": memberships})
