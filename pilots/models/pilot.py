from django.db import models, transaction
from django.urls import reverse
from modelcluster.fields import ParentalManyToManyField
from wagtail.fields import StreamField

from mkbroute.core.blocks import BodyBlock, sources_in
from mkbroute.core.models import (
    IllustratedMixin,
    Publishable,
    PublishableQuerySet,
    SearchEntry,
    Sector,
    TargetGroup,
    Theme,
)
from mkbroute.core.models.search import key_of
from network.models import Kind, Organisation

from .choices import Criterion, MemberRole, Role, Status
from .evidence import CriterionAnswer, StatusChange
from .members import Membership
from .parts import Partnership
from .updates import Audience, Update

NEWEST_UPDATES = 3
"""How many updates the page of a pilot names."""

IN_LISTS = ("programmes", "partnerships__organisation", "regions__province")
"""The child rows that every drawing of a pilot needs."""


class PilotQuerySet(PublishableQuerySet):
    def in_short(self):
        """Only what one line about a pilot needs of it; the rest is loaded when asked for."""
        columns = ("number", "title", "slug", "status", "nationwide", "last_published_at", "sector__title")
        return self.select_related("sector").only(*columns)

    def with_places(self):
        """With what a list, the strip and the map show of a pilot, in the same query."""
        return self.in_short().with_rows(*IN_LISTS, "status_changes")

    def of_member(self, user):
        """The pilots somebody takes part in, live or not, with what a list shows of them."""
        return self._in_role(user, MemberRole.values)

    def writable_by(self, user):
        """The pilots in which somebody posts, proposes and asks."""
        return self._in_role(user, [MemberRole.LEAD, MemberRole.EDITOR])

    def managed_by(self, user):
        """The pilots of which somebody looks after who takes part."""
        return self._in_role(user, [MemberRole.LEAD])

    def delete(self):
        """Delete the pilots with what their partners posted and shared, in the search and on the disk too."""
        with transaction.atomic():
            for pilot in self:
                pilot.delete_contributions()
            return super().delete()

    delete.alters_data = delete.queryset_only = True

    def _in_role(self, user, roles):
        if not user.is_authenticated:
            return self.none()
        mine = Membership.objects.filter(pilot=models.OuterRef("pk"), user=user, user__is_active=True, role__in=roles)
        return self.filter(models.Exists(mine))

    def with_details(self):
        """With all rows of the pilot's own page, in the same query."""
        return self.select_related("sector").with_rows(
            *IN_LISTS,
            "status_changes__source",
            "criterion_answers__source",
            "facts__source",
            "references__source",
            "target_groups",
            "themes",
        )


class Pilot(IllustratedMixin, Publishable):
    """A mkb-route being tried, on a numbered place of the line from 7 to 20.

    It may have no hogeschool and no programme yet. ``status`` follows the newest status change.
    """

    number = models.PositiveSmallIntegerField(
        "plaats op de lijn",
        unique=True,
        error_messages={"unique": "Op deze plaats op de lijn staat al een pilot."},
        help_text="Het nummer in lijsten en op de kaart.",
    )
    status = models.CharField(
        "status",
        max_length=20,
        choices=Status,
        default=Status.CONNECTED,
        editable=False,
    )
    sector = models.ForeignKey(Sector, verbose_name="sector", on_delete=models.PROTECT, related_name="pilots")
    themes = ParentalManyToManyField(Theme, verbose_name="thema's", blank=True, related_name="pilots")
    target_groups = ParentalManyToManyField(TargetGroup, verbose_name="doelgroepen", blank=True, related_name="pilots")
    nationwide = models.BooleanField("werkt landelijk", default=False, help_text="Dan staat de pilot naast de kaart.")
    region_note = models.CharField(
        "opmerking bij de regio",
        max_length=200,
        blank=True,
        help_text="Zoals: de precieze regio is nog niet bevestigd.",
    )
    body = StreamField(BodyBlock(), verbose_name="verhaal", blank=True)
    llo_challenge = models.TextField(
        "LLO-uitdaging",
        blank=True,
        help_text="Wat doet deze pilot voor werkenden die zich blijven ontwikkelen? LLO is leven lang ontwikkelen.",
    )

    objects = PilotQuerySet.as_manager()

    columns_in_rows = ("live", "number", "title", "slug", "status")
    page_template = "pilots/pilot_detail.html"

    class Meta:
        verbose_name = "pilot"
        verbose_name_plural = "pilots"
        ordering = ["number"]
        constraints = [
            *IllustratedMixin.Meta.constraints,
            models.CheckConstraint(
                condition=models.Q(number__gte=1),
                name="pilot_number_from_one",
                violation_error_message="Plaatsen op de lijn beginnen bij 1.",
            ),
            models.CheckConstraint(condition=models.Q(status__in=Status.values), name="pilot_status_known"),
        ]

    def save(self, *args, **kwargs):
        self.follow_changes()
        with transaction.atomic():
            # Whoever is penvoerder no longer gives way first, for the rows are saved one by one. A draft changes no row.
            if self.pk and kwargs.get("update_fields") is None:
                staying = [p.pk for p in self.partnerships.all() if p.role == Role.LEAD and p.pk]
                Partnership.objects.filter(pilot=self.pk, role=Role.LEAD).exclude(pk__in=staying).update(
                    role=Role.OTHER
                )
            super().save(*args, **kwargs)
            self._index_updates()

    def delete(self, *args, **kwargs):
        with transaction.atomic():
            self.delete_contributions()
            return super().delete(*args, **kwargs)

    delete.alters_data = True

    def delete_contributions(self) -> None:
        """Delete what partners posted and shared here one by one: the database would leave their files behind."""
        for contribution in (*self.updates.all(), *self.files.all()):
            contribution.delete()

    delete_contributions.alters_data = True

    def _index_updates(self) -> None:
        """Let the search know where the public updates of this pilot are now: they come and go with it."""
        updates = list(
            Update.objects.filter(pilot=self, is_shown=True, audience=Audience.PUBLIC).select_related("theme")
        )
        for update in updates:
            update.pilot = self
        if self.live and updates:
            SearchEntry.objects.put([SearchEntry.of(update) for update in updates])
        elif updates:
            SearchEntry.objects.forget(*(key_of(update) for update in updates))

    def get_absolute_url(self) -> str:
        return reverse("pilot_detail", args=[self.slug])

    searched_fields = ("llo_challenge",)

    @property
    def search_mentions(self) -> list[models.Model]:
        partners = [partnership.organisation for partnership in self.partnerships.all()]
        return [*super().search_mentions, *self.target_groups.all(), *partners]

    @property
    def search_keywords(self) -> list[str]:
        programmes = [
            word
            for programme in self.programmes.all()
            for word in (
                programme.title,
                programme.get_degree_display() if programme.degree else "",
                programme.get_form_display() if programme.form else "",
            )
        ]
        short_names = [organisation.short_name for organisation in self.live_partners]
        regions = [word for region in self.regions.all() for word in (region.name, region.city, str(region.province))]
        return [*super().search_keywords, *programmes, *short_names, *regions, self.get_status_display()]

    def page_context(self) -> dict:
        self.follow_changes()  # a draft in preview has changes that were never saved
        return {
            "pilot": self,
            "related_pilots": list(self.related()),
            "updates": list(Update.objects.public().filter(pilot=self.pk).in_stream()[:NEWEST_UPDATES]),
            "sources": sources_in(self.body),
            "crumbs": [("Pilots", reverse("pilot_list")), (f"Plaats {self.number}", self.get_absolute_url())],
        }

    # -- status

    @property
    def newest_change(self) -> StatusChange | None:
        """The status change that counts: the last row of the list."""
        changes = list(self.status_changes.all())
        return changes[-1] if changes else None

    def follow_changes(self) -> None:
        """Give ``status`` the value of the newest change; without any the partners are connected and no more."""
        change = self.newest_change
        self.status = change.status if change else Status.CONNECTED

    @property
    def is_established(self) -> bool:
        """Whether there is a pilot at all on this place."""
        return self.status != Status.CONNECTED

    @property
    def last_stop(self) -> Status:
        """The stop of the ladder the pilot is at; of a stopped pilot the last one it reached."""
        if self.status != Status.STOPPED:
            return Status(self.status)
        reached = [Status(change.status) for change in self.status_changes.all() if change.status != Status.STOPPED]
        return max(reached, key=Status.ladder().index, default=Status.CONNECTED)

    # -- rows by kind, for templates

    @property
    def live_partnerships(self) -> list[Partnership]:
        """The partnerships with organisations a visitor may see; those that are still drafts stay unseen."""
        return [p for p in self.partnerships.all() if p.organisation.live]

    @property
    def live_partners(self) -> list[Organisation]:
        """All partners a visitor may see."""
        return [p.organisation for p in self.live_partnerships]

    @property
    def hogescholen(self) -> list[Organisation]:
        """The hogescholen among them."""
        return [organisation for organisation in self.live_partners if organisation.kind == Kind.HOGESCHOOL]

    @property
    def in_short(self) -> str:
        """One line for lists: sector, degree and duration, form, regions; what is unknown is said."""
        programmes = self.programmes.all()
        degrees = dict.fromkeys(programme.degree_in_short for programme in programmes)
        forms = dict.fromkeys(programme.get_form_display() for programme in programmes if programme.form)
        regions = ", ".join(region.name for region in self.regions.all())
        return (
            f"{self.sector}. "
            f"{', '.join(degrees) or 'Diploma nog niet bekend'}; {', '.join(forms) or 'vorm nog niet bekend'}. "
            f"Regio: {'landelijk' if self.nationwide else regions or 'nog niet bekend'}."
        )

    @property
    def criteria(self) -> list[CriterionAnswer]:
        """All seven, in order; one nobody answered reads unknown."""
        given = {answer.criterion: answer for answer in self.criterion_answers.all()}
        return [given.get(code) or CriterionAnswer(criterion=code) for code in Criterion.values]

    @property
    def missing_roles(self) -> list[str]:
        """Roles a visitor looks for and that nobody known has."""
        kinds = {organisation.kind for organisation in self.live_partners}
        expected = (Role.HOGESCHOOL, Role.MBO)
        return [role.label for role in expected if role.value not in kinds]

    @property
    def story(self) -> list:
        """The blocks of the body that are read on; big figures stand below in a band of their own."""
        return [block for block in self.body if block.block_type != "figure"]

    @property
    def highlights(self) -> list:
        """The figures of the body."""
        return [block for block in self.body if block.block_type == "figure"]

    @property
    def structured_data(self) -> list[dict]:
        """Its programmes for search engines, as schema.org EducationalOccupationalProgram."""
        provider = [
            {"@type": "CollegeOrUniversity", "name": organisation.title, "url": organisation.full_url}
            for organisation in self.hogescholen
        ]
        return [
            {
                "@type": "EducationalOccupationalProgram",
                "name": programme.title,
                "description": self.summary,
                "url": self.full_url,
                "programType": programme.get_form_display() if programme.form else None,
                "educationalCredentialAwarded": programme.get_degree_display() if programme.degree else None,
                "timeToComplete": f"P{programme.duration_years}Y" if programme.duration_years else None,
                "provider": provider,
            }
            for programme in self.programmes.all()
        ]

    def related(self):
        """Up to three other pilots: those of the same sector, then those that share a hogeschool or branche."""
        organisations = [p.organisation_id for p in self.partnerships.all()]
        shared = models.Exists(Partnership.objects.filter(pilot=models.OuterRef("pk"), organisation__in=organisations))
        return (
            Pilot.objects.published()
            .exclude(pk=self.pk)
            .annotate(same_sector=models.Q(sector=self.sector_id), shared_partner=shared)
            .filter(models.Q(same_sector=True) | models.Q(shared_partner=True))
            .in_short()
            .with_rows("programmes", "regions")
            .order_by("-same_sector", "number")[:3]
        )
