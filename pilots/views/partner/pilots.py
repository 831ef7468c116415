"""A pilot as its own people see it."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from pilots.models import Pilot
from pilots.permissions import may_manage, may_write


@login_required
@require_safe
def portal_pilot(request: HttpRequest, slug: str) -> HttpResponse:
    """The start of one pilot in the portal: what one can do there, and who takes part."""
    pilot = get_object_or_404(Pilot.objects.of_member(request.user), slug=slug)
    context = {
        "pilot": pilot,
        "may_write": may_write(request.user, pilot),
        "may_manage": may_manage(request.user, pilot),
        "memberships": pilot.memberships.filter(user__is_active=True).select_related("user", "organisation"),
    }
    return render(request, "partner/pilot.html", context)
