"""Who takes part in a pilot: inviting, accepting, changing roles, handing over and leaving.

A pilot in which people work never loses its last penvoerder. Every verb that could do that locks the pilot first, so that
of two at the same moment the second sees what the first did.
"""

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from mkbroute.accounts.actions import confirm_address
from mkbroute.accounts.models import INVITED_FOR, User
from mkbroute.accounts.notify import take_back
from mkbroute.core import audit, mail
from network.models import Organisation
from pilots.models import MemberRole, Membership, Pilot, PilotInvitation

LAST_LEAD = (
    "Deze pilot heeft dan geen penvoerder meer. Maak eerst iemand anders penvoerder. "
    "Lukt dat niet? Vraag het programmateam."
)
LAPSED = "Deze uitnodiging geldt niet meer."
USED_UP = "De code is te vaak verkeerd ingevuld. Vraag om een nieuwe uitnodiging."
WRONG_CODE = "Deze code klopt niet. Kijk de code in de mail na en probeer het opnieuw."
GONE = "Deze persoon hoort niet meer bij de pilot."
ALREADY_MEMBER = "Deze persoon hoort al bij de pilot."


class Blocked(ValidationError):
    """The account of who wants to take part is switched off."""


# --- Inviting ---------------------------------------------------------------------------------------------------------


@transaction.atomic
def invite(
    *,
    pilot: Pilot,
    email: str,
    first_name: str,
    last_name: str,
    organisation: Organisation | None,
    role: str,
    by: User,
    submission=None,
) -> PilotInvitation:
    """Ask somebody to take part, and mail a link and a code. The second click on one form gives the invitation of the first.

    Raises ValidationError when this address takes part already or has an invitation.
    """
    if submission and (earlier := PilotInvitation.objects.filter(submission=submission, pilot=pilot).first()):
        return earlier
    email = User.normalize_username(email)
    if Membership.objects.filter(pilot=pilot, user__email=email).exists():
        raise ValidationError({"email": ALREADY_MEMBER})
    invitation = PilotInvitation(
        pilot=pilot,
        email=email,
        first_name=first_name,
        last_name=last_name,
        organisation=organisation,
        role=role,
        invited_by=by,
        submission=submission,
    )
    code = invitation.set_code(INVITED_FOR)
    invitation.sent_at = timezone.now()
    try:
        with transaction.atomic():
            invitation.save()
    except IntegrityError:
        return _of_the_other_click(invitation)
    audit.record(audit.Action.INVITED, "uitnodiging verstuurd", by=by, on=pilot, rol=role)
    _post(invitation, code)
    return invitation


def _of_the_other_click(invitation: PilotInvitation) -> PilotInvitation:
    """The invitation that was there already: of the same form, or else a reason to say no. Raises ValidationError."""
    earlier = PilotInvitation.objects.filter(submission=invitation.submission, pilot=invitation.pilot).first()
    if invitation.submission and earlier:
        return earlier
    once = next(rule for rule in PilotInvitation._meta.constraints if rule.name == "invitation_once")
    raise ValidationError({"email": once.violation_error_message})


@transaction.atomic
def resend(*, invitation: PilotInvitation, by: User) -> None:
    """Mail a new code, with a new term; the old code no longer works. Raises ValidationError when it is over."""
    invitation = _pending(invitation)
    code = invitation.set_code(INVITED_FOR)
    invitation.sent_at = timezone.now()
    invitation.save()
    audit.record(audit.Action.INVITED, "uitnodiging opnieuw verstuurd", by=by, on=invitation.pilot)
    _post(invitation, code)


@transaction.atomic
def withdraw(*, invitation: PilotInvitation, by: User) -> None:
    """Let an invitation count no more. Raises ValidationError when it was accepted or withdrawn meanwhile."""
    invitation = _pending(invitation)
    invitation.withdrawn_at = timezone.now()
    invitation.save(update_fields=["withdrawn_at"])
    audit.record(audit.Action.INVITED, "uitnodiging ingetrokken", by=by, on=invitation.pilot)


def _pending(invitation: PilotInvitation) -> PilotInvitation:
    locked = PilotInvitation.objects.select_for_update(of=("self",)).select_related(
        "pilot", "organisation", "invited_by"
    )
    found = locked.pending().filter(pk=invitation.pk).first()
    if found is None:
        raise ValidationError("Deze uitnodiging is al aangenomen of ingetrokken.")
    return found


def _post(invitation: PilotInvitation, code: str) -> None:
    mail.post(
        to=invitation.email,
        subject=f"Uitnodiging voor de pilot {invitation.pilot}",
        template="invitation",
        context={"invitation": invitation, "code": code},
        key=f"invitation:{invitation.pk}:{invitation.sent_at.isoformat()}",
        is_secret=True,
    )


# --- Accepting --------------------------------------------------------------------------------------------------------


def accept_invitation(
    *, invitation: PilotInvitation, code: str, user: User | None = None, first_name: str = "", last_name: str = ""
) -> Membership:
    """Let who typed the code take part: ``user``, or else whoever has the invited address, for whom an account is made if
    there is none. The code came by mail, so whoever types it reads that mailbox.

    Raises ValidationError when the code is wrong or the invitation is over, Blocked when the account is switched off.
    """
    if not invitation.is_open:
        raise ValidationError(LAPSED)
    if not invitation.try_code(code):
        invitation.refresh_from_db(fields=["tries"])
        raise ValidationError(USED_UP if invitation.is_used_up else WRONG_CODE)
    return _join(invitation, user, first_name, last_name)


@transaction.atomic
def _join(invitation: PilotInvitation, user: User | None, first_name: str, last_name: str) -> Membership:
    open_ones = PilotInvitation.objects.select_for_update(of=("self",)).open()
    invitation = open_ones.select_related("pilot").filter(pk=invitation.pk).first()
    if invitation is None:
        raise ValidationError(LAPSED)
    user = user or _account_of(invitation.email, first_name, last_name)
    if not user.is_active:
        raise Blocked(LAPSED)
    membership, is_new = Membership.objects.get_or_create(
        pilot=invitation.pilot,
        user=user,
        defaults={"role": invitation.role, "organisation": invitation.organisation},
    )
    invitation.accepted_at, invitation.accepted_by = timezone.now(), user
    invitation.save(update_fields=["accepted_at", "accepted_by"])
    summary = "uitnodiging aangenomen" if is_new else "uitnodiging aangenomen, hoorde al bij de pilot"
    audit.record(audit.Action.INVITED, summary, by=user, on=invitation.pilot, rol=membership.role)
    return membership


def _account_of(email: str, first_name: str, last_name: str) -> User:
    """The account on a proven address, made if need be. A name somebody has already stays."""
    user = User.objects.filter(email=email).first()
    if user is None:
        try:
            with transaction.atomic():
                user = User.objects.create_user(email, first_name=first_name, last_name=last_name)
        except IntegrityError:  # made at the same moment, by another invitation
            user = User.objects.get(email=email)
    elif not user.get_full_name():
        user.first_name, user.last_name = first_name, last_name
        user.save(update_fields=["first_name", "last_name"])
    confirm_address(user)
    return user


# --- Roles and leaving ------------------------------------------------------------------------------------------------


@transaction.atomic
def change_role(*, membership: Membership, role: str, by: User) -> None:
    """Give a member another role. Raises ValidationError when the pilot would lose its last penvoerder."""
    membership = _locked(membership)
    if membership.role == role:
        return
    _keep_a_lead(membership)
    _set_role(membership, role, by)


@transaction.atomic
def hand_over(*, to: Membership, by: User) -> None:
    """A penvoerder makes another member penvoerder, and becomes redacteur.

    Raises ValidationError when ``by`` is no penvoerder (any more) or ``to`` cannot be one.
    """
    to = _locked(to)
    mine = Membership.objects.leads().filter(pilot=to.pilot, user=by).select_related("pilot", "user").first()
    if mine is None:
        raise ValidationError("U bent geen penvoerder meer van deze pilot.")
    if to.user == by:
        raise ValidationError("U bent zelf al penvoerder. Kies iemand anders.")
    if not to.user.is_active:
        raise ValidationError("Dit account is uitgezet. Kies iemand anders.")
    if to.role != MemberRole.LEAD:
        _set_role(to, MemberRole.LEAD, by)
    _set_role(mine, MemberRole.EDITOR, by)


@transaction.atomic
def end_membership(*, membership: Membership, by: User) -> None:
    """Let somebody take part no more; also how one leaves. What they sent in stays.

    Raises ValidationError when the pilot would lose its last penvoerder.
    """
    membership = _locked(membership)
    _keep_a_lead(membership)
    audit.record(audit.Action.RIGHTS, "hoort niet meer bij de pilot", by=by, on=membership.pilot, rol=membership.role)
    if membership.user != by:
        _tell(membership, "membership_ended", f"U hoort niet meer bij de pilot {membership.pilot}")
    take_back(person=membership.user, pilot=str(membership.pilot))
    membership.delete()


def is_last_lead(membership: Membership) -> bool:
    """Whether nobody else could look after the pilot while there are others in it."""
    others = Membership.objects.filter(pilot=membership.pilot_id).exclude(pk=membership.pk)
    return membership.role == MemberRole.LEAD and others.exists() and not others.leads().exists()


def lock_pilots(pks) -> None:
    """Let nobody else change who takes part in these pilots until the transaction ends; always in the same order."""
    list(Pilot.objects.select_for_update(no_key=True).filter(pk__in=pks).order_by("pk").values_list("pk"))


def _locked(membership: Membership) -> Membership:
    """The membership as it is now, with its pilot locked. Raises ValidationError when it is gone."""
    lock_pilots([membership.pilot_id])
    found = Membership.objects.select_related("pilot", "user").filter(pk=membership.pk).first()
    if found is None:
        raise ValidationError(GONE)
    return found


def _keep_a_lead(membership: Membership) -> None:
    if is_last_lead(membership):
        raise ValidationError(LAST_LEAD)


def _set_role(membership: Membership, role: str, by: User) -> None:
    before, membership.role = membership.role, role
    membership.save(update_fields=["role"])
    audit.record(
        audit.Action.RIGHTS, "rol in een pilot gewijzigd", by=by, on=membership.user, pilot=membership.pilot_id,
        was=before, wordt=role,
    )  # fmt: skip
    if membership.user != by:
        _tell(membership, "role_changed", f"Uw rol in de pilot {membership.pilot}")


def _tell(membership: Membership, template: str, subject: str) -> None:
    if not membership.user.is_active:
        return
    mail.post(
        to=membership.user.email,
        person=membership.user,
        subject=subject,
        template=template,
        context={"membership": membership},
        key=f"{template}:{membership.pk}:{timezone.now().isoformat()}",
    )
