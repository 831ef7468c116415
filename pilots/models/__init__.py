from .choices import AMBITION, Answer, Criterion, Degree, Form, MemberRole, Role, Status
from .contact import ContactMoment, ContactMomentQuerySet, with_contact, without_contact
from .evidence import CriterionAnswer, Fact, Reference, StatusChange
from .files import PilotFile
from .members import Membership, PilotInvitation
from .parts import Partnership, Programme, Region
from .pilot import Pilot, PilotQuerySet
from .proposals import Proposal
from .reports import UpdateReport
from .support import SupportMessage, SupportRequest
from .updates import Audience, Update, UpdateState

__all__ = [
    "AMBITION",
    "Answer",
    "Audience",
    "ContactMoment",
    "ContactMomentQuerySet",
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
    "SupportMessage",
    "SupportRequest",
    "Update",
    "UpdateReport",
    "UpdateState",
    "with_contact",
    "without_contact",
]
