"""A panel for the edit screen of something that partners send in: from reading it to deciding on it."""

from wagtail.admin.panels import Panel

from mkbroute.core.queue import QueueKind, queue_address


class QueueLinkPanel(Panel):
    """Leads to the item in the team's queue, for who handles its kind. Give ``kind``."""

    def __init__(self, kind: QueueKind, **kwargs):
        super().__init__(**kwargs)
        self.kind = kind

    def clone_kwargs(self) -> dict:
        return {**super().clone_kwargs(), "kind": self.kind}

    class BoundPanel(Panel.BoundPanel):
        template_name = "core/queue_link_panel.html"

        def is_shown(self) -> bool:
            return bool(self.instance.pk) and self.panel.kind.may_see(self.request.user)

        def get_context_data(self, parent_context=None) -> dict:
            address = queue_address(self.panel.kind.name, self.instance.pk)
            return {**super().get_context_data(parent_context), "address": address}
