"""Deciding on what partners send in: ``decide()`` keeps the decision, notes it in the trail and mails who sent it in."""

from django.db import models, transaction

from mkbroute.core import audit, mail
from mkbroute.core.models import Decision

Verb = Decision.Verb


@transaction.atomic
def decide(
    verb: str,
    target: models.Model,
    *,
    by: models.Model,
    author: models.Model | None,
    reason: str = "",
    version: object = "",
) -> Decision:
    """Keep that ``by`` decided this on ``target`` (of this ``version``) for this reason, and mail its author.

    ``target`` has ``portal_url``, where the author finds it. Call it inside the action that changes the target, so that
    both happen or neither does. Nobody is mailed when the author has left.
    """
    decision = Decision.objects.create(verb=verb, target=target, by=by, reason=reason, version=str(version))
    kind = target._meta.verbose_name
    audit.record(audit.Action.DECISION, f"{kind} {decision.get_verb_display()}", by=by, on=target, version=str(version))
    if author is not None and author.is_active:
        mail.post(
            to=author.email,
            person=author,
            subject=f"Uw {kind} is {decision.get_verb_display()}: {target}",
            template="decision",
            context={"decision": decision, "target": target, "kind": kind},
            key=f"decision:{decision.pk}",
        )
    return decision
