"""Who is mailed about a support request, and what."""

from django.conf import settings
from django.urls import reverse

from mkbroute.accounts.models import User
from mkbroute.core import mail
from pilots.models import MemberRole, Membership, SupportMessage, SupportRequest
from pilots.permissions import may_answer


def reader_of_answers(request: SupportRequest) -> User | None:
    """Who of the pilot is told what the team says: who asked, or a penvoerder when that person left the pilot."""
    places = Membership.objects.filter(pilot=request.pilot, user__is_active=True).select_related("user")
    if request.author and (own := places.filter(user=request.author).first()):
        return own.user
    lead = places.filter(role=MemberRole.LEAD).order_by("joined_at").first()
    return lead.user if lead else None


def tell_pilot(request: SupportRequest, message: SupportMessage) -> None:
    """Mail what the team wrote to who reads its answers."""
    reader = reader_of_answers(request)
    if reader is None:
        return
    mail.post(
        to=reader.email,
        person=reader,
        subject=f"Antwoord op uw ondersteuningsvraag: {request}",
        template="support_answer",
        context={"request": request, "message": message, "is_own": reader == request.author},
        key=f"support:{message.submission}",
        reply_to=settings.CONTACT_EMAIL,
    )


def tell_team(request: SupportRequest, by: User, deed: str, text: str, *, key: str) -> None:
    """Mail who answers this for the team, or everybody there while nobody does or that person has gone."""
    to = request.assignee
    mail_team(request, to if to and may_answer(to) else None, by, deed, text, key=key)


def mail_team(request: SupportRequest, to: User | None, by: User, deed: str, text: str, *, key: str) -> None:
    """Mail that ``by`` did something (``deed``: a verb with its object) to one of the team, or to its shared address."""
    mail.post(
        to=to.email if to else settings.CONTACT_EMAIL,
        person=to,
        subject=f"Ondersteuningsvraag van {request.pilot}: {request}",
        template="support_for_team",
        context={
            "request": request,
            "by": by,
            "deed": deed,
            "text": text,
            "address": reverse("support_answer", args=[request.pk]),
        },
        key=key,
    )
