"""The trail of what matters: ``record()`` is the only way a line gets into it."""

from django.contrib.contenttypes.models import ContentType
from django.db import models

from mkbroute.core.models import AuditEntry

Action = AuditEntry.Action


def record(
    action: str, summary: str, *, by: models.Model | None = None, on: models.Model | None = None, **details
) -> None:
    """Add a line: what happened in a few Dutch words, by which user, on which object.

    ``details`` are plain values that help to understand it later, such as a role before and after. Write no name or mail
    address of a person in ``summary`` or ``details``: those must be gone when an account is closed.
    """
    subject = {}
    if on is not None:
        subject = {"content_type": ContentType.objects.get_for_model(on), "object_id": str(on.pk)}
    AuditEntry.objects.create(action=action, summary=summary[:250], by=by, details=details, **subject)
