"""A kind of the queue to try the queue with: a text of a member, with versions, that is approved, returned or hidden.

It lives in an organisation, of which ``summary`` is the text, ``owner`` the author, ``last_published_at`` when it
came in, and ``live`` whether it is approved.
"""

from functools import partial

from django.template import Template

from mkbroute.core.decisions import Verb, decide
from mkbroute.core.queue import Choice, QueueKind, Waiting
from network.models import Organisation


class TextKind(QueueKind):
    name = "stukje"
    label = "stukje"
    template = Template("<p>{{ item.summary|marked_private }}</p>")

    def waiting(self):
        for item in Organisation.objects.filter(live=False).select_related("owner"):
            yield Waiting(self, item.pk, item.title, str(item.owner), "Bouwkunde", item.last_published_at)

    def items(self):
        return Organisation.objects.all()

    def may_see(self, user):
        return user.has_perm("network.publish_organisation")

    def version(self, item):
        return item.summary

    def texts(self, item):
        return [("Samenvatting", item.summary)]

    def author(self, item):
        return item.owner

    def choices(self, item):
        if item.live:
            return [
                Choice("verbergen", "Verbergen", partial(self.decide, Verb.HIDDEN), needs_reason=True, is_serious=True)
            ]
        return [
            Choice("goedkeuren", "Goedkeuren", partial(self.decide, Verb.APPROVED)),
            Choice("terugsturen", "Terugsturen", partial(self.decide, Verb.RETURNED), needs_reason=True),
        ]

    def decide(self, verb, item, *, by, reason, version):
        Organisation.objects.filter(pk=item.pk).update(live=verb != Verb.HIDDEN)
        decide(verb, item, by=by, author=item.owner, reason=reason, version=version)
