from .choices import (
    Audience,
    Method,
    PolicyKind,
    PolicyStatus,
    PracticeKind,
    PublicationKind,
    QuestionStatus,
    SubmissionState,
)
from .news import NewsItem
from .policy import PolicyEvent, PolicyFile, Scheme
from .practice import STRONGEST, Practice, PracticeReference
from .publication import Publication
from .question import Question
from .submission import PracticeSubmission, SubmissionEvent
from .term import Term

__all__ = [
    "STRONGEST",
    "Audience",
    "Method",
    "NewsItem",
    "PolicyEvent",
    "PolicyFile",
    "PolicyKind",
    "PolicyStatus",
    "Practice",
    "PracticeKind",
    "PracticeReference",
    "PracticeSubmission",
    "Publication",
    "PublicationKind",
    "Question",
    "QuestionStatus",
    "Scheme",
    "SubmissionEvent",
    "SubmissionState",
    "Term",
]
