"""The manual for partners, in the portal."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from mkbroute.manual import FOR_PARTNERS, START, chapter
from pilots.permissions import belongs_here


@login_required
@require_safe
def partner_manual(request: HttpRequest, name: str = START) -> HttpResponse:
    """A chapter; without a name the table of contents. For the people of the pilots, and for the team that helps them."""
    if not belongs_here(request.user):
        raise Http404
    try:
        title, text = chapter(FOR_PARTNERS, name)
    except FileNotFoundError:
        raise Http404 from None
    return render(request, "partner/manual.html", {"title": title, "text": text, "is_start": name == START})
