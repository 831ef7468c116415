"""What of the pilots waits for the team; the roof shows it in one queue."""

from mkbroute.core.queue import QueueKind

from .proposals import ProposalKind
from .support import SupportKind
from .updates import ReportedUpdateKind, UpdateKind

KINDS: list[QueueKind] = [UpdateKind(), ReportedUpdateKind(), ProposalKind(), SupportKind()]
