"""Deciding on what partners send in: ``decide()`` keeps the decision, notes it in the trail and mails who sent it in."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction

from mkbroute.core import audit, mail
from mkbroute.core.models import Decision

Verb = Decision.Verb

LONGEST_REASON = Decision._meta.get_field("reason").max_length
"""So many signs of a remark are kept and mailed: enough for a page, too few for a pasted report."""

NEEDS_REASON = {Verb.RETURNED, Verb.HIDDEN}
"""What nobody should have to hear without a why. The database insists as well."""

NEXT = {
    Verb.APPROVED: "U hoeft niets meer te doen.",
    Verb.RETURNED: "Wat u schreef, staat er nog. Pas het aan en stuur het opnieuw in.",
    Verb.HIDDEN: "Anderen zien het nu niet meer. Bent u het hier niet mee eens? Beantwoord dan deze mail.",
    Verb.RESTORED: "Iedereen die het eerst zag, ziet het nu weer. U hoeft niets te doen.",
    Verb.NEXT_STAGE: "U hoeft nu niets te doen. Wij laten het u weten als er weer iets verandert.",
    Verb.CLOSED: "Bent u nog niet geholpen? Laat het ons weten op de pagina hieronder.",
    Verb.REOPENED: "Wij gaan er weer mee aan de slag. U hoeft nu niets te doen.",
}
"""How the author goes on after each decision, for in the mail."""


@transaction.atomic
def decide(
    verb: str,
    target: models.Model,
    *,
    by: models.Model,
    author: models.Model | None,
    reason: str = "",
    version: object = "",
    onward: str = "",
) -> Decision:
    """Keep that ``by`` decided this on ``target`` (of this ``version``) for this reason, and mail its author.

    ``target`` has ``portal_url``, where the author finds it. Call it inside the action that changes the target, so that
    both happen or neither does. Nobody is mailed when the author has left. ``onward`` tells the author how to go on, where
    that is not what ``NEXT`` says.

    Raises ValidationError when a reason is wanted and not given, or is too long.
    """
    reason = reason.strip()
    if not reason and verb in NEEDS_REASON:
        raise ValidationError("Schrijf erbij waarom.")
    if len(reason) > LONGEST_REASON:
        raise ValidationError(f"De reden is te lang: {len(reason)} tekens. Het mogen er {LONGEST_REASON} zijn.")
    decision = Decision.objects.create(verb=verb, target=target, by=by, reason=reason, version=str(version))
    kind = target._meta.verbose_name
    audit.record(audit.Action.DECISION, f"{kind} {decision.get_verb_display()}", by=by, on=target, version=str(version))
    if author is not None and author.is_active:
        mail.post(
            to=author.email,
            person=author,
            subject=f"Uw {kind} is {decision.get_verb_display()}: {target}",
            template="decision",
            context={"decision": decision, "target": target, "kind": kind, "next": onward or NEXT[decision.verb]},
            key=f"decision:{decision.pk}",
            reply_to=settings.CONTACT_EMAIL,
        )
    return decision
