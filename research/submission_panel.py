"""Where a practice came from, in its editing screen."""

from wagtail.admin.panels import Panel

from mkbroute.core.privacy import marked
from research import consent
from research.queue import kind_of


class SubmissionPanel(Panel):
    """That a pilot sent this practice in, how far it is and where to decide on it; nothing for other practices."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "research/submission_panel.html"

        def is_shown(self) -> bool:
            return super().is_shown() and getattr(self.instance, "submission", None) is not None

        def get_context_data(self, parent_context=None) -> dict:
            submission = self.instance.submission
            return super().get_context_data(parent_context) | {
                "submission": submission,
                "problem": consent.objection(submission, self.instance) if submission.is_in_hands_of_expert else "",
                "marked_evidence": marked(submission.evidence),
                "kind": kind_of(submission),
            }
