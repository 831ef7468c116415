"""How long we keep what is of a person in what we know."""

from mkbroute.core.retention import WITH_THE_THING, Kept

KEPT = [
    Kept(
        "Wie kennis en nieuws bijhoudt",
        tuple(f"research.{name}" for name in ("NewsItem", "PolicyFile", "Publication", "Practice", "Question", "Term")),
        WITH_THE_THING,
    ),
    Kept(
        "Goede voorbeelden die pilots insturen",
        ("research.PracticeSubmission", "research.SubmissionEvent"),
        WITH_THE_THING,
    ),
]
