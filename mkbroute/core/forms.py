"""Forms of the staff admin that more than one app builds on."""

from pathlib import PurePath

from django import forms
from django.contrib.auth import get_user_model
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.core.files import File
from django.db.models import Q
from django.utils.text import slugify
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.panels import InlinePanel, get_form_for_model
from wagtail.documents.forms import BaseDocumentForm
from wagtail.images.fields import WagtailImageField
from wagtail.images.forms import BaseImageForm

from mkbroute.core.files import CONTENT_CHECKS, DAMAGED
from mkbroute.core.geography import point_of
from mkbroute.core.models.images import IllustratedMixin, bare_frames

LATITUDES, LONGITUDES = (50.6, 53.7), (3.2, 7.3)


class PictureField(WagtailImageField):
    """An uploaded picture that can be read to its last byte."""

    def to_python(self, data):
        try:
            file = super().to_python(data)
            if file:
                bare_frames(file)
        except (OSError, SyntaxError, ValueError) as error:
            raise ValidationError(DAMAGED) from error
        return file


class PictureForm(BaseImageForm):
    """A picture of the library: a damaged file is refused before it is stored."""

    file = PictureField(label="Bestand", widget=forms.FileInput)


class DocumentForm(BaseDocumentForm):
    """A document of the library: a file that is not what its name says is refused before it is stored."""

    def clean_file(self) -> File:
        """The file, if it is new only when it is what it is called. Which names are allowed, the model says."""
        file = self.cleaned_data["file"]
        extension = PurePath(file.name).suffix.removeprefix(".").lower()
        if "file" in self.changed_data and extension in CONTENT_CHECKS:
            if not CONTENT_CHECKS[extension](file):
                raise ValidationError(
                    f"Dit bestand heet .{extension}, maar dat is het niet. Open het, bewaar het opnieuw als {extension} "
                    "en probeer het nog eens."
                )
            file.seek(0)
        return file

    def add_error(self, field: str | None, error: ValidationError) -> None:
        """One reason is enough: of a file that was refused the model would say that its name has no extension. A file that
        was uploaded before has no field any more, and was looked into then."""
        if "file" not in self.fields or self.has_error("file"):
            getattr(error, "error_dict", {}).pop("file", None)
        super().add_error(field, error)


class PublishableForm(WagtailAdminModelForm):
    """What everything with a page of its own shares.

    ``constraint_fields`` names the field at which to say what a constraint of the database forbids.
    """

    constraint_fields: dict[str, str] = {}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["slug"].required = False
        for name in ("owner", "deputy"):
            present = Q(pk=getattr(self.instance, f"{name}_id"))
            self.fields[name].queryset = get_user_model().objects.filter(Q(is_staff=True, is_active=True) | present)

    def clean_slug(self) -> str:
        """The slug as typed, or made from the title when it was left empty."""
        return self.cleaned_data["slug"] or slugify(self.cleaned_data.get("title", ""))[:80]

    def clean(self) -> dict:
        data = super().clean()
        if data.get("image") and not data.get("image_alt") and not data.get("image_decorative"):
            (rule,) = IllustratedMixin.Meta.constraints
            self.add_error("image_alt", rule.violation_error_message)
        return data

    def add_error(self, field: str | None, error: ValidationError) -> None:
        """As in Django, but what a constraint forbids is said at the field of ``constraint_fields``."""
        rules = [rule for _model, rules in self.instance.get_constraints() for rule in rules]
        fields = {rule.get_violation_error_message(): self.constraint_fields.get(rule.name) for rule in rules}
        errors = getattr(error, "error_dict", {})
        for problem in errors.pop(NON_FIELD_ERRORS, []):
            errors.setdefault(fields.get(problem.message) or NON_FIELD_ERRORS, []).append(problem)
        super().add_error(field, error)

    @property
    def hints(self) -> list[str]:
        """What the editor should know about rows that were saved all the same."""
        rows = [form for formset in self.formsets.values() for form in formset.forms]
        return [row.hint for row in rows if getattr(row, "hint", "")]


class PointForm(WagtailAdminModelForm):
    """A row with a city and its point on the map: an empty point is filled in from the city.

    A proposal follows the city when that changes; a point the editor set stays. ``hint`` says why a row has no point.
    """

    hint = ""

    def clean(self) -> dict:
        data = super().clean()
        point = data.get("latitude"), data.get("longitude")
        city = data.get("city") or ""
        if self.errors:
            return data
        if point in [(None, None), point_of(self.initial.get("city") or "")]:
            data["latitude"], data["longitude"] = point_of(city) or (None, None)
            if city and data["latitude"] is None:
                self.hint = (
                    f"De plaats {city} kennen wij niet, dus staat die nog niet op de kaart. "
                    "Vul zelf de breedtegraad en de lengtegraad in."
                )
        elif None in point:
            empty = "latitude" if point[0] is None else "longitude"
            self.add_error(empty, "Vul breedtegraad en lengtegraad allebei in, of laat ze allebei leeg.")
        elif not (LATITUDES[0] <= point[0] <= LATITUDES[1] and LONGITUDES[0] <= point[1] <= LONGITUDES[1]):
            self.add_error("latitude", "Dit punt ligt niet in Nederland. Zwolle ligt op 52,5168 en 6,0830.")
        return data


class PointsPanel(InlinePanel):
    """Child rows that lie somewhere: every row is a ``PointForm``."""

    def get_form_options(self) -> dict:
        options = super().get_form_options()
        rows = options["formsets"][self.relation_name]
        rows["form"] = get_form_for_model(
            self.db_field.related_model,
            form_class=PointForm,
            defer_required_on_fields=rows["form"]._meta.defer_required_on_fields,
        )
        return options
