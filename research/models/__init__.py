from .choices import Audience, Method, PolicyKind, PolicyStatus, PracticeKind, PublicationKind, QuestionStatus
from .news import NewsItem
from .policy import PolicyEvent, PolicyFile, Scheme
from .practice import STRONGEST, Practice, PracticeReference
from .publication import Publication
from .question import Question
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
    "Publication",
    "PublicationKind",
    "Question",
    "QuestionStatus",
    "Scheme",
    "Term",
]
