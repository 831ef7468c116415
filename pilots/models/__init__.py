from .choices import AMBITION, Answer, Criterion, Degree, Form, Role, Status
from .evidence import CriterionAnswer, Fact, Reference, StatusChange
from .parts import Partnership, Programme, Region
from .pilot import Pilot, PilotQuerySet

__all__ = [
    "AMBITION",
    "Answer",
    "Criterion",
    "CriterionAnswer",
    "Degree",
    "Fact",
    "Form",
    "Partnership",
    "Pilot",
    "PilotQuerySet",
    "Programme",
    "Reference",
    "Region",
    "Role",
    "Status",
    "StatusChange",
]
