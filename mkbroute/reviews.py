"""Keeping pages correct: who is asked to look again and when, and saying that all is still correct."""

from collections import defaultdict
from datetime import timedelta
from hashlib import sha256

from django.apps import apps
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.utils import timezone
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.log_actions import LogActionRegistry, log
from wagtail.models import RevisionMixin, TaskState

from mkbroute.accounts.models import User
from mkbroute.core.mail import When, post
from mkbroute.core.proofreading import Proofread
from mkbroute.core.views import may_edit
from mkbroute.models import ReviewReminder

NEXT_REVIEW = timedelta(days=365)
STILL_CORRECT = "mkbroute.still_correct"


def reviewed_models() -> list[type[models.Model]]:
    """The models whose pages have a date on which somebody looks again."""
    return [model for model in apps.get_models() if issubclass(model, Proofread) and hasattr(model, "review_on")]


def register_log_actions(actions: LogActionRegistry) -> None:
    """Wagtail's ``register_log_actions``."""
    actions.register_action(STILL_CORRECT, "Nog steeds juist", "Nagekeken: nog steeds juist")


@transaction.atomic
def confirm_still_correct(*, target: models.Model, by: User) -> None:
    """Move the review date of a page a year ahead: in what visitors see, and in the versions that would replace it.

    A draft stays the draft it was, and nothing is published. A new version makes that who has the form open is told.
    """
    target = type(target)._base_manager.select_for_update().get(pk=target.pk)
    review_on = timezone.localdate() + NEXT_REVIEW
    target.review_on = review_on
    target.save(update_fields=["review_on"])
    if isinstance(target, RevisionMixin):
        current = models.Q(pk__in=[target.latest_revision_id, target.live_revision_id])
        for revision in target.revisions.filter(current | models.Q(approved_go_live_at__isnull=False)):
            content = {**revision.content, "review_on": review_on.isoformat()}
            target.revisions.filter(pk=revision.pk).update(content=content)
        _save_version(target, by)
    log(instance=target, action=STILL_CORRECT, user=by)


def _save_version(target: RevisionMixin, by: User) -> None:
    """Save the newest version anew. What is planned stays the newest, for nobody can edit it; an alias has no versions."""
    before = target.get_latest_revision()
    if getattr(target, "alias_of_id", None) or (before and before.approved_go_live_at):
        return
    version = target.get_latest_revision_as_object().save_revision(user=by, changed=False, clean=False)
    if before:
        type(target)._base_manager.filter(pk=target.pk, live_revision=before).update(live_revision=version)
        TaskState.objects.filter(revision=before, status=TaskState.STATUS_IN_PROGRESS).update(revision=version)


def remind_reviewers() -> str:
    """Mail every owner and deputy once about the pages whose review date has come.

    Who may no longer edit a page is not mailed about it. One who cannot be told does not stop the next: raises
    ExceptionGroup with the failures, and who was not told is told next time.
    """
    waiting = defaultdict(list)
    for model in reviewed_models():
        people = [name for name in ("owner", "deputy") if hasattr(model, name)]
        for page in model._base_manager.filter(review_on__lte=timezone.localdate()).select_related(*people):
            for person in {getattr(page, name) for name in people}:
                if person and person.is_active and person.is_staff and may_edit(person, page):
                    waiting[person].append(page)
    failures = []
    mailed = 0
    for person, pages in waiting.items():
        try:
            mailed += _remind(person, pages)
        except Exception as error:
            failures.append(error)
    if failures:
        raise ExceptionGroup("Niet alle mails zijn klaargezet.", failures)
    return f"{mailed} {'mail' if mailed == 1 else 'mails'} klaargezet."


@transaction.atomic
def _remind(person: User, pages: list[models.Model]) -> bool:
    """Mail one person about the pages of which they have not heard yet; returns whether there were any."""
    types = ContentType.objects.get_for_models(*{type(page) for page in pages})
    known = set(ReviewReminder.objects.filter(person=person).values_list("content_type", "object_id", "review_on"))
    new = [page for page in pages if (types[type(page)].pk, str(page.pk), page.review_on) not in known]
    if not new:
        return False
    ReviewReminder.objects.bulk_create(
        ReviewReminder(person=person, content_type=types[type(page)], object_id=str(page.pk), review_on=page.review_on)
        for page in new
    )
    urls = AdminURLFinder(person)
    rows = [{"page": page, "edit_url": settings.SITE_URL + (urls.get_edit_url(page) or "/admin/")} for page in new]
    about = "|".join(sorted(f"{person.pk} {types[type(page)].pk} {page.pk} {page.review_on}" for page in new))
    post(
        to=person.email,
        person=person,
        subject="Wilt u dit nakijken?",
        template="review_reminder",
        context={"rows": rows},
        key=f"review:{sha256(about.encode()).hexdigest()[:40]}",
        when=When.BY_THE_CLOCK,
    )
    return True
