"""What an editor of a pilot sees of a proposal that partners have open for the same page."""

from django.urls import NoReverseMatch, reverse
from wagtail.admin.panels import Panel

from pilots.models import Proposal


class OpenProposalPanel(Panel):
    """On top of the form: partners propose changes to this page. Shown only when they do."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "pilots/open_proposal_panel.html"

        def __init__(self, **kwargs):
            super().__init__(**kwargs)
            found = Proposal.objects.open().select_related("author") if self.instance.pk else Proposal.objects.none()
            self.proposal = found.filter(pilot=self.instance.pk).first()

        def is_shown(self) -> bool:
            return super().is_shown() and self.proposal is not None

        def get_context_data(self, parent_context=None) -> dict:
            waits = self.proposal.state == Proposal.State.SENT
            may_decide = self.request.user.has_perm("pilots.publish_pilot")
            return {
                **super().get_context_data(parent_context),
                "proposal": self.proposal,
                "waits": waits,
                "queue_url": _queue_url(self.proposal) if waits and may_decide else "",
            }


def _queue_url(proposal: Proposal) -> str:
    try:
        return reverse("queue_item", args=["voorstel", proposal.pk])
    except NoReverseMatch:
        return ""
