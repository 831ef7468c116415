from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.template.response import TemplateResponse
from django.urls import resolve
from modelcluster.models import ClusterableModel
from wagtail.models import (
    DraftStateMixin,
    LockableMixin,
    PreviewableMixin,
    RevisionMixin,
    WorkflowMixin,
)

from mkbroute.core.proofreading import Proofread
from mkbroute.core.redirects import leave_redirect
from mkbroute.core.rows import RowsQuerySet

from .search import Searchable, SearchEntry, key_of


class PublishableQuerySet(RowsQuerySet):
    def published(self):
        """What a visitor may see."""
        return self.filter(live=True)

    def delete(self):
        """Delete the rows with what the search knows of them; the bulk action of the admin comes here."""
        keys = [key_of(target) for target in self.only("pk")]
        with transaction.atomic():
            deleted = super().delete()
            SearchEntry.objects.forget(*keys)
        return deleted

    delete.alters_data = delete.queryset_only = True


class Publishable(
    Proofread,
    Searchable,
    PreviewableMixin,
    WorkflowMixin,
    DraftStateMixin,
    LockableMixin,
    RevisionMixin,
    ClusterableModel,
    models.Model,
):
    """Something with a page of its own on the site, edited in Wagtail: draft over live, review, planning, history.

    The row in the table is what visitors see; a draft is a revision and touches the row only when it is published.
    Subclasses set ``page_template`` and answer ``get_absolute_url()``; ``page_context()`` gives the template what the
    public view gives it, so that a preview is the public page.
    """

    title = models.CharField("titel", max_length=120)
    slug = models.SlugField(
        "webnaam",
        max_length=80,
        unique=True,
        error_messages={"unique": "Er is al een pagina met deze webnaam. Kies een andere."},
        help_text="Het laatste deel van het webadres. Verandert u dit, dan verwijst het oude adres vanzelf door.",
    )
    summary = models.TextField(
        "samenvatting",
        max_length=400,
        blank=True,
        help_text="Een of twee zinnen. Staat boven de pagina en in zoekmachines.",
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="eigenaar",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="Wie van het team houdt deze pagina bij?",
    )
    deputy = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="vervanger",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="Wie doet dat als de eigenaar er niet is?",
    )
    review_on = models.DateField(
        "nakijken op",
        null=True,
        blank=True,
        help_text="Op deze dag vraagt de site de eigenaar en de vervanger om de pagina na te kijken.",
    )

    objects = PublishableQuerySet.as_manager()

    page_template: str
    heading_above_text = 1
    """The level of the heading below which the running text stands: the title of the page, or one of the template."""
    needs_summary = True
    """Whether a page of this kind would be empty without a summary, so that it is not published without one."""
    private_fields: tuple[str, ...] = ()
    """Names of fields that never show on the page, so that nobody checks their words."""

    class Meta:
        abstract = True

    def __str__(self):
        return self.title

    def save(self, *args, update_fields=None, **kwargs):
        """Save the row; when the address of a page that was ever public changes, the old one starts to redirect.

        Saving a draft writes ``update_fields`` without the slug: it changes no address yet.
        """
        with transaction.atomic():
            before = None
            if self.pk and (update_fields is None or "slug" in update_fields):
                ever_public = models.Q(live=True) | models.Q(first_published_at__isnull=False)
                before = type(self)._base_manager.filter(ever_public, pk=self.pk).first()
            super().save(*args, update_fields=update_fields, **kwargs)
            if before:
                leave_redirect(before.get_absolute_url(), self.get_absolute_url())

    def clean(self):
        super().clean()
        if self.slug and resolve(self.get_absolute_url()).kwargs.get("slug") != self.slug:
            raise ValidationError({"slug": "Dit adres is al in gebruik voor een andere pagina. Kies een ander."})

    def save_revision(self, *args, **kwargs):
        """Keep a version. A live row that came without one first gets a version of what is live, by the same user.

        Otherwise its history would start with somebody's draft, and Wagtail would take it offline as soon as a
        change is planned.
        """
        stored = type(self)._base_manager.filter(pk=self.pk, live=True, live_revision=None).first()
        if stored:
            self.live_revision = super(Publishable, stored).save_revision(
                user=kwargs.get("user"), changed=False, clean=False
            )
            stored.live_revision = self.live_revision
            stored.save(update_fields=["live_revision"])
        return super().save_revision(*args, **kwargs)

    @property
    def full_url(self) -> str:
        """The address with the host, for canonical links, mail and the admin."""
        return settings.SITE_URL + self.get_absolute_url()

    @property
    def published_dates(self) -> dict[str, str | None]:
        """When it appeared and when it changed, in the words of schema.org and ISO 8601."""
        moments = {"datePublished": self.first_published_at, "dateModified": self.last_published_at}
        return {name: moment and moment.isoformat(timespec="seconds") for name, moment in moments.items()}

    def page_context(self) -> dict:
        """What the public template needs; the public view and the preview both call this."""
        return {}

    def get_preview_template(self, request, mode_name):
        return self.page_template

    def serve_preview(self, request, mode_name):
        return TemplateResponse(request, self.page_template, self.page_context())
