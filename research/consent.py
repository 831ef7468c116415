"""What partners agreed to: the words they sent in against the words the team would publish.

A version of a practice is known by its seal, which is made of all that visitors would see. Wagtail may overwrite a version
in place while somebody types, so the number of a version says too little.
"""

import json
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from django.core.serializers.json import DjangoJSONEncoder
from django.utils.text import capfirst

from research.models.choices import SubmissionState

if TYPE_CHECKING:
    from research.models import Practice, PracticeSubmission

TEXTS = (
    *("title", "summary", "context", "aim", "done", "by_whom", "hours", "costs"),
    *("result", "difficulties", "lesson", "transferable"),
)
WORDS = (*TEXTS, "audiences", "themes")
"""What a submission and the practice made of it have in common."""

UNSEEN = {
    *(
        "pk",
        "slug",
        "owner",
        "deputy",
        "review_on",
        "strength",
        "live",
        "has_unpublished_changes",
        "first_published_at",
    ),
    *("last_published_at", "latest_revision", "live_revision", "go_live_at", "expire_at", "expired", "locked"),
    *("locked_at", "locked_by", "wagtail_admin_comments"),
}
"""What of a practice is only administration, so that it may change after consent; ``strength`` follows from the rest."""

IN_HANDS_OF_EXPERT = (
    SubmissionState.JUDGED,
    SubmissionState.ASKED,
    SubmissionState.OBJECTED,
    SubmissionState.AGREED,
)


@dataclass(frozen=True)
class Change:
    """What partners sent in for one question, and what would be published instead."""

    label: str
    before: str
    after: str


def seal(practice: "Practice") -> str:
    """A fingerprint of everything in this version of a practice that a visitor would see."""
    data = {name: value for name, value in practice.serializable_data().items() if name not in UNSEEN}
    for name in ("themes", "pilots", "organisations", "questions"):
        data[name] = sorted(data[name])
    data["body"] = practice.body.get_prep_value()
    data["references"] = [
        {name: value for name, value in row.items() if name not in ("pk", "practice")} for row in data["references"]
    ]
    return sha256(json.dumps(data, cls=DjangoJSONEncoder, sort_keys=True).encode()).hexdigest()


def answer(of: "Practice | PracticeSubmission", name: str) -> str:
    """What one field says, in words."""
    if name == "themes":
        return ", ".join(sorted(str(theme) for theme in of.themes.all()))
    if name == "audiences":
        return ", ".join(of._meta.get_field(name).labels_of(of))
    return getattr(of, name).replace("\r\n", "\n").strip()


def changes(submission: "PracticeSubmission", practice: "Practice") -> list[Change]:
    """What the team changed in the words of the partners, in the order of the form, and what it added to them."""
    found = [
        Change(capfirst(submission._meta.get_field(name).verbose_name), before, after)
        for name in WORDS
        if (before := answer(submission, name)) != (after := answer(practice, name))
    ]
    if len(practice.body):
        found.append(Change("Verhaal", "", "Er staat een verhaal bij. U leest het op de pagina zoals die wordt."))
    if practice.image_id:
        found.append(Change("Afbeelding", "", practice.image_alt or "Er staat een afbeelding bij."))
    return found


def still_holds(submission: "PracticeSubmission", practice: "Practice") -> bool:
    """Whether this is the version about which partners were asked."""
    return bool(submission.asked_seal) and submission.asked_seal == seal(practice)


def objection(submission: "PracticeSubmission", practice: "Practice") -> str:
    """Why this version may not be published, in words for the team; empty when it may.

    Once it was placed the page is the team's to keep, like any other.
    """
    if submission.state == SubmissionState.PLACED:
        return ""
    if submission.state not in IN_HANDS_OF_EXPERT:
        return f"het voorbeeld dat de pilot instuurde is {submission.get_state_display()}, dus het kan niet op de site."
    if submission.state == SubmissionState.AGREED and still_holds(submission, practice):
        return ""
    if not changes(submission, practice):
        return ""
    if submission.state == SubmissionState.AGREED:
        return "u hebt iets veranderd nadat de pilot akkoord gaf. Vraag opnieuw om akkoord, in de wachtrij."
    if submission.state == SubmissionState.ASKED:
        return "de pilot heeft nog geen akkoord gegeven op wat u hebt veranderd."
    return "u hebt de tekst van de pilot veranderd. Vraag eerst om akkoord, in de wachtrij."
