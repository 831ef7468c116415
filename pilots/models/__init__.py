from .choices import AMBITION, Answer, Criterion, Degree, Form, MemberRole, Role, Status
from .evidence import CriterionAnswer, Fact, Reference, StatusChange
from .members import Membership, PilotInvitation
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
    "MemberRole",
    "Membership",
    "Partnership",
    "Pilot",
    "PilotInvitation",
    "PilotQuerySet",
    "Programme",
    "Reference",
    "Region",
    "Role",
    "Status",
    "StatusChange",
]
