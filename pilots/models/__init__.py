from .choices import AMBITION, Answer, Criterion, Degree, Form, MemberRole, Role, Status
from .evidence import CriterionAnswer, Fact, Reference, StatusChange
from .files import PilotFile
from .members import Membership, PilotInvitation
from .parts import Partnership, Programme, Region
from .pilot import Pilot, PilotQuerySet
from .proposals import Proposal
from .reports import UpdateReport
from .updates import Audience, Update, UpdateState

__all__ = [
    "AMBITION",
    "Answer",
    "Audience",
    "Criterion",
    "CriterionAnswer",
    "Degree",
    "Fact",
    "Form",
    "MemberRole",
    "Membership",
    "Partnership",
    "Pilot",
    "PilotFile",
    "PilotInvitation",
    "PilotQuerySet",
    "Programme",
    "Proposal",
    "Reference",
    "Region",
    "Role",
    "Status",
    "StatusChange",
    "Update",
    "UpdateReport",
    "UpdateState",
]
