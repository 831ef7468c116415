"""Where a page stands between first draft and publication."""

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models.functions import Cast
from wagtail.models import Revision, WorkflowState


class State(models.TextChoices):
    """Where a page stands between first draft and publication; several can hold at once."""

    LIVE = "gepubliceerd", "gepubliceerd"
    OFFLINE = "niet-gepubliceerd", "niet gepubliceerd"
    DRAFT = "concept", "met concept"
    REVIEW = "controle", "in controle"
    PLANNED = "gepland", "gepland"

    @property
    def condition(self) -> models.Q:
        """This state as a condition on a queryset ``with_state``."""
        return {
            State.LIVE: models.Q(live=True),
            State.OFFLINE: models.Q(live=False),
            State.DRAFT: models.Q(has_unpublished_changes=True),
            State.REVIEW: models.Q(is_in_review=True),
            State.PLANNED: models.Q(is_planned=True),
        }[self]


def of_same_object(model: type[models.Model]) -> dict:
    """What ties a row of Wagtail's revisions or workflow states to the row of ``model`` in the query around it."""
    return {
        "content_type": ContentType.objects.get_for_model(model),
        "object_id": Cast(models.OuterRef("pk"), models.CharField()),
    }


def with_state(queryset: models.QuerySet) -> models.QuerySet:
    """The same rows, each knowing without a further query whether it is in review and whether it is planned."""
    same_object = of_same_object(queryset.model)
    return queryset.annotate(
        is_in_review=models.Exists(
            WorkflowState.objects.filter(**same_object, status=WorkflowState.STATUS_IN_PROGRESS)
        ),
        is_planned=models.Exists(Revision.objects.filter(**same_object, approved_go_live_at__isnull=False)),
    )


def state_in_words(page) -> str:
    """The state of one row of ``with_state``, such as "gepubliceerd, met concept, in controle"."""
    words = [State.LIVE.label if page.live else State.OFFLINE.label]
    if page.live and page.has_unpublished_changes:
        words.append(State.DRAFT.label)
    if page.is_in_review:
        words.append(State.REVIEW.label)
    if page.is_planned:
        words.append(State.PLANNED.label)
    return ", ".join(words)
