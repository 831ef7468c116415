"""Who may do what with the practices that partners send in.

Of partners this follows from the pilot: ``PracticeSubmission.objects.readable_by(user)`` and ``writable_by(user)``.
"""

from mkbroute.accounts.models import User


def may_judge_submissions(user: User) -> bool:
    """Who publishes good practices also judges, returns and refuses what partners send in."""
    return user.has_perm("research.publish_practice")
