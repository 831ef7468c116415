"""What happens to accounts that matters: verbs, each atomic, with keywords only."""

from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from mkbroute.accounts.models import CODE_WORKS_FOR, MailedCode, User
from mkbroute.core import audit, mail, privacy

WRONG_CODE = "Deze code klopt niet. Kijk de code in de mail na en probeer het opnieuw."
NO_CODE = "Deze code geldt niet meer. Vraag een nieuwe code."
TAKEN = "Dit e-mailadres hoort al bij een ander account. Log daarmee in, of kies een ander adres."


# --- Blocking ---------------------------------------------------------------------------------------------------------


@transaction.atomic
def block(*, user: User, by: User, reason: str) -> None:
    """Switch an account off and end all its sessions at once; ``unblock`` undoes it. The reason is mailed to them.

    Raises ValidationError for who may do everything, for oneself, without a reason, and when it was done already.
    """
    user = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    if user == by:
        raise ValidationError("U kunt uzelf niet blokkeren.")
    if user.is_superuser:
        raise ValidationError("Wie alles mag, kunt u niet blokkeren.")
    if not user.is_active:
        raise ValidationError("Dit account is al geblokkeerd.")
    if not reason.strip():
        raise ValidationError("Schrijf erbij waarom.")
    user.is_active = False
    user.save(update_fields=["is_active"])
    end_sessions(user=user)
    audit.record(audit.Action.ACCOUNT, "account geblokkeerd", by=by, on=user, reden=_without_personal_data(reason))
    _post(user, "account_blocked", "Uw account is geblokkeerd", reason=reason)


@transaction.atomic
def unblock(*, user: User, by: User, reason: str = "") -> None:
    """Switch a blocked account on again. Raises ValidationError when it is not blocked."""
    user = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    if user.is_active:
        raise ValidationError("Dit account is niet geblokkeerd.")
    user.is_active = True
    user.save(update_fields=["is_active"])
    audit.record(audit.Action.ACCOUNT, "account weer aangezet", by=by, on=user, reden=_without_personal_data(reason))
    _post(user, "account_unblocked", "U kunt weer inloggen")


def end_sessions(*, user: User) -> None:
    """Sign somebody out everywhere."""
    for session in UserSession.objects.filter(user=user):
        session.end()


def _without_personal_data(text: str) -> str:
    """A reason fit for the trail, which keeps no data of a person."""
    for found in reversed(privacy.find(text)):
        text = f"{text[: found.start]}[{found.kind}]{text[found.end :]}"
    return text


# --- Mailed codes and the address --------------------------------------------------------------------------------------


@transaction.atomic
def mail_code(*, user: User, purpose: str, email: str) -> MailedCode:
    """Mail a code to an address, which takes the place of an earlier one for the same purpose."""
    mailed = MailedCode.objects.select_for_update().filter(user=user, purpose=purpose).first()
    mailed = mailed or MailedCode(user=user, purpose=purpose)
    mailed.email = User.normalize_username(email)
    code = mailed.set_code(CODE_WORKS_FOR)
    mailed.save()
    mail.post(
        to=mailed.email,
        person=user if mailed.email == user.email else None,  # nobody proved yet that a new address is theirs
        subject="Uw code",
        template="mailed_code",
        context={"code": code, "purpose": mailed.purpose},
        key=f"code:{mailed.pk}:{mailed.expires_at.isoformat()}",
        is_secret=True,
    )
    return mailed


def use_code(*, user: User, purpose: str, code: str) -> MailedCode:
    """What somebody proved by typing in a code; it works once. Raises ValidationError when it is not the code."""
    mailed = MailedCode.objects.filter(user=user, purpose=purpose, expires_at__gt=timezone.now()).first()
    if mailed is None or mailed.is_used_up:
        raise ValidationError(NO_CODE)
    if not mailed.try_code(code):
        mailed.refresh_from_db()
        raise ValidationError(NO_CODE if mailed.is_used_up else WRONG_CODE)
    deleted, _ = MailedCode.objects.filter(pk=mailed.pk, code=mailed.code).delete()
    if not deleted:
        raise ValidationError(NO_CODE)
    return mailed


def change_address(*, user: User, code: str) -> None:
    """Give somebody the address to which this code was mailed, and tell the old one.

    Raises ValidationError when the code is wrong, or the address turns out to be somebody else's; who reads that has shown
    that they read that mailbox.
    """
    email = use_code(user=user, purpose=MailedCode.Purpose.NEW_ADDRESS, code=code).email
    with transaction.atomic():
        user = User.objects.select_for_update(no_key=True).get(pk=user.pk)
        old, user.email = user.email, email
        try:
            with transaction.atomic():
                user.save(update_fields=["email"])
        except IntegrityError:
            raise ValidationError(TAKEN) from None
        confirm_address(user)
        audit.record(audit.Action.ACCOUNT, "e-mailadres gewijzigd", by=user, on=user)
        mail.post(
            to=old,
            person=user,
            subject="Uw e-mailadres is gewijzigd",
            template="address_changed",
            context={},
            key=f"address:{user.pk}:{timezone.now().isoformat()}",
        )


def confirm_address(user: User) -> None:
    """Note that somebody proved to read the mail on their address; allauth keeps that in a table of its own."""
    EmailAddress.objects.filter(user=user).exclude(email=user.email).delete()
    EmailAddress.objects.update_or_create(user=user, email=user.email, defaults={"verified": True, "primary": True})


def _post(user: User, template: str, subject: str, **context) -> None:
    mail.post(
        to=user.email,
        person=user,
        subject=subject,
        template=template,
        context=context,
        key=f"{template}:{user.pk}:{timezone.now().isoformat()}",
    )
