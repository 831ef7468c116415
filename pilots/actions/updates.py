"""Posting: what a partner does with an update. What the team decides about it stands in ``moderation``."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.utils import timezone

from mkbroute.accounts.models import User
from mkbroute.accounts.notify import take_back, tell
from mkbroute.core.files import BarePicture, empty_folder
from pilots.models import Audience, Membership, Pilot, Update, UpdateReport, UpdateState
from pilots.permissions import posts_directly

CHANGED_MEANWHILE = (
    "Dit bericht is intussen gewijzigd, in een ander venster of door een collega. "
    "Hieronder staat wat u schreef. Bewaart u dat, dan komt het in de plaats van de nieuwere tekst."
)
STATES_WITH_A_REMARK = (UpdateState.RETURNED, UpdateState.HIDDEN)
"""An update stays in these while its author works on it, so that everybody sees that something is asked."""
CONTENT = ("title", "text", "picture_alt", "picture_decorative", "theme_id", "audience", "privacy_reason")


# --- The author ------------------------------------------------------------------------------------------------------


@transaction.atomic
def save_draft(
    *, update: Update, by: User, version: str = "", picture: BarePicture | None = None, drop_picture: bool = False
) -> Update:
    """Keep what the author wrote; nobody else sees it. Returns the row.

    ``update`` is new, or the ``newest`` of one with other words; ``version`` is what its author had before them. What
    was sent twice by a second click is kept once. Raises ValidationError when somebody saved another version since.
    """
    if update.pk is None:
        row = _begin(update, by)
        if row is not update:  # the same form once more: a second click, or other words after going back to it
            if says_the_same(row.newest, update):
                return row
            raise ValidationError(CHANGED_MEANWHILE, code="stale")
    else:
        row = _locked(update, by)
        if row.version != version:
            if picture is None and says_the_same(row.newest, update):
                return row
            raise ValidationError(CHANGED_MEANWHILE, code="stale")
        for name in row.OF_THE_ROW:
            setattr(update, name, getattr(row, name))
        update.latest_revision = row.latest_revision
    _put_picture(update, picture, drop_picture)
    update.summarise()
    if row.published_at is None:
        row = update  # as long as nobody read it, the row follows
    if row.state not in STATES_WITH_A_REMARK:
        row.state = UpdateState.DRAFT
    row.changed_at = timezone.now()
    row.save()
    update.state, update.changed_at = row.state, row.changed_at
    row.latest_revision = update.save_revision(user=by, clean=False)
    _forget_pictures(row)
    return row


@transaction.atomic
def send_in(*, update: Update, by: User, version: str) -> Update:
    """Post the newest version, or let the team read it first when that is needed. Returns the row.

    Raises ValidationError when something is missing, or when this is not the newest version.
    """
    row = _locked(update, by)
    if row.state in {UpdateState.WAITING, UpdateState.POSTED} and row.version == version:
        return row  # a second click
    if row.version != version:
        raise ValidationError(CHANGED_MEANWHILE, code="stale")
    newest = row.newest
    if newest.lacking:
        raise ValidationError(newest.lacking)
    if needs_review(newest, by):
        row.state = UpdateState.WAITING
        row.changed_at = timezone.now()
        row.save(update_fields=["state", "changed_at"])
        return row
    return show(row, newest)


def needs_review(update: Update, by: User) -> bool:
    """Whether the team reads this version first: what is for everybody, unless ``by`` is trusted with that, and all that
    was hidden before."""
    return update.hidden_at is not None or (update.audience == Audience.PUBLIC and not posts_directly(by, update.pilot))


@transaction.atomic
def withdraw(*, update: Update, by: User) -> Update:
    """Take an update away from its readers and from the team. Its author keeps it and can send it in again."""
    row = _locked(update, by)
    if not row.is_shown and row.state != UpdateState.WAITING:
        raise ValidationError("Dit bericht staat nergens en wacht nergens op. Er valt niets in te trekken.")
    row.is_shown = False
    row.state = UpdateState.DRAFT if row.published_at is None else UpdateState.WITHDRAWN
    row.changed_at = timezone.now()
    row.save()
    take_back(key=key_of(row))
    return row


@transaction.atomic
def discard_changes(*, update: Update, by: User) -> Update:
    """Give up a change to what is posted: readers go on seeing what they see."""
    row = _locked(update, by)
    if not row.has_changes:
        raise ValidationError("Er is geen wijziging die u kunt weggooien.")
    row.state, row.changed_at = UpdateState.POSTED, timezone.now()
    row.save(update_fields=["state", "changed_at"])
    row.save_revision(user=by, clean=False)
    _forget_pictures(row)
    return row


@transaction.atomic
def delete_draft(*, update: Update, by: User) -> None:
    """Remove what nobody ever read, with its picture and what was decided on it."""
    row = _locked(update, by)
    if not row.may_be_deleted:
        raise ValidationError("Dit bericht is al gelezen of wacht op het programmateam. U kunt het wel intrekken.")
    row.delete()


@transaction.atomic
def report_update(*, update: Update, by: User, reason: str) -> None:
    """Ask the team to look at an update that ``by`` can read. Twice by the same person counts once."""
    if not Update.objects.visible_to(by).filter(pk=update.pk).exists():
        raise PermissionDenied
    if update.author_id == by.pk:
        raise ValidationError("Dit is uw eigen bericht. U kunt het zelf wijzigen of intrekken.")
    if not reason.strip():
        raise ValidationError({"reason": "Schrijf erbij wat er niet klopt."})
    UpdateReport.objects.bulk_create([UpdateReport(update=update, by=by, reason=reason)], ignore_conflicts=True)


# --- What they share -------------------------------------------------------------------------------------------------


def _begin(update: Update, by: User) -> Update:
    """Store a new update; the one that the same form made before, if there is one."""
    if not Pilot.objects.writable_by(by).filter(pk=update.pilot_id).exists():
        raise PermissionDenied
    update.author, update.state, update.is_shown = by, UpdateState.DRAFT, False
    try:
        with transaction.atomic():
            update.save()
    except IntegrityError:
        before = Update.objects.filter(submission=update.submission, author=by, pilot=update.pilot_id).first()
        if before is None:
            raise
        return before
    return update


def _locked(update: Update, by: User) -> Update:
    """The row, to change it as its author or as the penvoerder; until the end of the transaction nobody else can."""
    row = Update.objects.editable_by(by).select_for_update(of=("self",)).filter(pk=update.pk).first()
    if row is None:
        raise PermissionDenied
    return row


def show(row: Update, newest: Update) -> Update:
    """Let readers see the newest version from now on."""
    now = timezone.now()
    is_first = row.published_at is None
    newest.is_shown, newest.state, newest.hidden_at = True, UpdateState.POSTED, None
    newest.published_at = row.published_at or now
    newest.last_published_at = now
    newest.save()
    _forget_pictures(newest)
    if is_first:
        tell_readers(newest)
    return newest


def tell_readers(update: Update) -> None:
    """Let those for whom an update is know that it is there, as often as each of them wants."""
    readers = User.objects.filter(is_active=True, memberships__isnull=False).exclude(pk=update.author_id).distinct()
    if update.audience == Audience.PILOT:
        readers = readers.filter(memberships__pilot=update.pilot)
    own = set(Membership.objects.filter(pilot=update.pilot).values_list("user", flat=True))
    for url, people in (
        (update.portal_url, [person for person in readers if person.pk in own]),
        (update.network_url, [person for person in readers if person.pk not in own]),
    ):
        tell(people, kind="bericht", title=update.title, url=url, key=key_of(update), pilot=str(update.pilot))


def key_of(update: Update) -> str:
    """What those who are told of an update are told it by."""
    return f"update:{update.pk}"


def says_the_same(one: Update, other: Update, also: tuple[str, ...] = ()) -> bool:
    return all(getattr(one, name) == getattr(other, name) for name in (*CONTENT, *also))


# --- Pictures --------------------------------------------------------------------------------------------------------


def _put_picture(update: Update, picture: BarePicture | None, drop: bool) -> None:
    if picture is not None:
        update.picture.save("foto.webp", ContentFile(picture.content), save=False)
        update.picture_width, update.picture_height = picture.width, picture.height
    elif drop:
        update.picture, update.picture_width, update.picture_height = "", None, None


def _forget_pictures(row: Update) -> None:
    """Remove the files of pictures that neither readers nor the author see any more."""
    folder = row.picture_folder
    keep = {row.picture_name, row.get_latest_revision_as_object().picture_name}
    transaction.on_commit(lambda: empty_folder(folder, keep), robust=True)
