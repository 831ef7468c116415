"""What of the pilots waits for the team; the roof shows it in one queue."""

from mkbroute.core.queue import QueueKind

KINDS: list[type[QueueKind]] = []
"""What of the pilots waits for the programme team; the roof shows it in one queue."""

from .proposals import ProposalKind

KINDS = [ProposalKind()]

__all__ = ["KINDS"]
