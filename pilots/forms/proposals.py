"""The form in which partners propose changes: the page, its programmes and its partners, and a message to the team.

A draft is kept as it was typed, also where it is not right yet; only what is sent in has to be whole. So the form is made
of a content (``pilots.content``), not of a request, and ``typed()`` makes a content of what came in.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django import forms
from django.db import models
from django.http import QueryDict

from network.models import Organisation
from pilots.changes import Words
from pilots.content import ROWS, Content, plain
from pilots.models import Pilot, Programme, Proposal, Role

from .rows import empty_row, is_empty

MOST_ROWS = 30
"""More programmes or partners than this no pilot has; a forged form cannot make us draw more."""
FIRST_ROWS = 1
"""So many empty rows are there to begin with; a button gives the next."""

PARAGRAPHS = ("summary", "llo_challenge", "note")
LINE_END = re.compile(r"\s*\n\s*")
TOO_LONG = "Dit is te lang: het zijn %(show_value)d tekens en het mogen er %(limit_value)d zijn."


class Patient:
    """A form that takes any length of text and says itself what is too long: a browser would cut it off and be silent."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs.pop("maxlength", None)
            field.error_messages["max_length"] = TOO_LONG


class PageForm(Patient, forms.ModelForm):
    """What stands once on the page."""

    class Meta:
        model = Pilot
        fields = [
            *("title", "summary", "target_groups", "themes"),
            *("nationwide", "region_note", "llo_challenge"),
        ]
        help_texts = {
            "title": "De naam van de pilot.",
            "region_note": "Zoals: start in 2027 ook in Drenthe. De regio’s op de kaart past het team aan.",
            "nationwide": "De pilot staat dan naast de kaart.",
        }
        error_messages = {
            "title": {"required": "Vul een titel in."},
            "summary": {"required": "Vul in een of twee zinnen in waar de pilot over gaat."},
        }
        widgets = {
            "target_groups": forms.CheckboxSelectMultiple,
            "themes": forms.CheckboxSelectMultiple,
            "summary": forms.Textarea(attrs={"rows": 4}),
            "llo_challenge": forms.Textarea(attrs={"rows": 6}),
            "region_note": forms.Textarea(attrs={"rows": 2}),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["summary"].required = True


class ProgrammeForm(Patient, forms.ModelForm):
    """One programme; what is left empty reads "nog niet bekend" on the site."""

    class Meta:
        model = Programme
        fields = ROWS["programmes"]
        labels = {"title": "Naam van de opleiding"}
        error_messages = {
            "title": {"required": "Vul de naam van de opleiding in, of haal haar weg."},
            "duration_years": {"invalid": "Vul een heel getal in, zoals 2."},
        }
        # Not a number field: a browser keeps what it cannot read as a number to itself.
        widgets = {
            "duration_years": forms.TextInput(attrs={"inputmode": "numeric"}),
            **{name: forms.Textarea(attrs={"rows": 2}) for name in ("form_note", "places", "entry", "rhythm", "costs")},
        }
        help_texts = {"entry": "Wat moet iemand hebben of kunnen om te beginnen?", "start": "Zoals: september 2027."}


class PartnershipForm(Patient, forms.Form):
    """One partner. Who is penvoerder, the team decides."""

    organisation = forms.TypedChoiceField(
        label="Organisatie",
        coerce=int,
        empty_value=None,
        error_messages={"required": "Kies een organisatie, of haal deze partner weg."},
    )
    role = forms.ChoiceField(
        label="Rol",
        choices=[("", "Kies een rol"), *((role.value, role.label) for role in Role if role != Role.LEAD)],
        error_messages={"required": "Kies wat deze organisatie in de pilot is."},
    )
    note = forms.CharField(
        label="Wat zij doet",
        required=False,
        max_length=200,
        help_text="Zoals: levert de werkplekken.",
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args, organisations: list[tuple[int, str]], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["organisation"].choices = [("", "Kies een organisatie"), *organisations]


class NoteForm(Patient, forms.ModelForm):
    """What the team must know, and what there is no field for."""

    class Meta:
        model = Proposal
        fields = ["note"]
        labels = {"note": "Bericht aan het team"}
        help_texts = {
            "note": "Schrijf hier wat er in het verhaal, de status of de kenmerken moet veranderen, of wat u verder wilt "
            "zeggen. Dit komt niet op de site."
        }
        widgets = {"note": forms.Textarea(attrs={"rows": 5})}


@dataclass
class Row:
    """A row of the form: its key, its fields, and where it stands."""

    relation: str
    number: int
    key: str
    form: forms.BaseForm
    title: str
    name: str
    is_open: bool
    is_last: bool

    @property
    def prefix(self) -> str:
        return f"{self.relation}-{self.number}"


class ProposalForm:
    """All of it, drawn from a content. With ``is_checked`` it says what is not right yet."""

    def __init__(self, content: Content, note: str, *, is_checked: bool = False, base: Content | None = None):
        self.content, self.is_checked, self.words = content, is_checked, Words()
        self.organisations = organisations(content, base)
        self.page = self._form(PageForm, "", content)
        self.note = self._form(NoteForm, "", {"note": note})
        self.programmes = list(self._rows("programmes", "Opleiding"))
        self.partnerships = list(self._rows("partnerships", "Partner"))
        self.removed = {relation: self._left_out(relation, base or content) for relation in FORMS}

    @property
    def parts(self) -> list[forms.BaseForm]:
        return [self.page, *(row.form for row in (*self.programmes, *self.partnerships)), self.note]

    def is_valid(self) -> bool:
        """Whether this can be sent in."""
        self._refuse_twice()
        return [
            form for form in self.parts if not form.is_valid()
        ] == []  # all of them, so that each says what is wrong

    @property
    def problems(self) -> list[tuple[str, str, str]]:
        """For the summary on top: the id of the field, its name with that of its row, and what is wrong with it."""
        if not self.is_checked or self.is_valid():
            return []
        rows = {id(row.form): row for row in (*self.programmes, *self.partnerships)}
        found = []
        for form in self.parts:
            row = rows.get(id(form))
            name = f"{row.title}: " if row else ""
            found += [(row.prefix if row else "", f"{name}let op", error) for error in form.non_field_errors()]
            found += [
                (field.id_for_label or field.auto_id, f"{name}{field.label}", error)
                for field in form
                for error in field.errors
            ]
        return found

    def _form(self, kind: type[forms.BaseForm], prefix: str, values: dict, **options) -> forms.BaseForm:
        if not self.is_checked:
            return kind(prefix=prefix, initial=values, **options)
        data = {f"{prefix}-{name}" if prefix else name: value for name, value in values.items() if value is not False}
        return kind(data, prefix=prefix, **options)

    def _rows(self, relation: str, name: str) -> Iterator[Row]:
        rows = self.content[relation] or [empty_row(relation, self.content)] * (not self.is_checked) * FIRST_ROWS
        kind, options = FORMS[relation], self._options(relation)
        for number, values in enumerate(rows):
            form = self._form(kind, f"{relation}-{number}", values, **options)
            yield Row(
                relation=relation,
                number=number,
                key=values["key"],
                form=form,
                title=f"{name} {number + 1}",
                name="" if is_empty(values) else self.words.row_name(relation, values),
                is_open=values["key"].startswith("nieuw-") or bool(form.errors),
                is_last=number == len(rows) - 1,
            )

    def _left_out(self, relation: str, base: Content) -> list[tuple[str, str]]:
        """Key and name of the rows of the page that the proposal leaves out, so that they can be put back."""
        present = {row["key"] for row in self.content[relation]}
        return [(row["key"], self.words.row_name(relation, row)) for row in base[relation] if row["key"] not in present]

    def _options(self, relation: str) -> dict:
        return {"organisations": self.organisations} if relation == "partnerships" else {}

    def _refuse_twice(self) -> None:
        seen = set()
        for row in self.partnerships:
            if row.form.is_valid():
                pair = row.form.cleaned_data["organisation"], row.form.cleaned_data["role"]
                if pair in seen:
                    row.form.add_error("organisation", "Deze organisatie staat al in deze rol bij de pilot.")
                    row.is_open = True
                seen.add(pair)


FORMS: dict[str, type[forms.BaseForm]] = {"programmes": ProgrammeForm, "partnerships": PartnershipForm}


def organisations(*contents: Content | None) -> list[tuple[int, str]]:
    """What can be chosen: the register as visitors see it, and what the pilot has already."""
    present = [row["organisation"] for content in contents if content for row in content["partnerships"]]
    shown = Organisation.objects.filter(models.Q(live=True) | models.Q(pk__in=[pk for pk in present if pk]))
    return list(shown.order_by("title").values_list("pk", "title"))


def typed(data: QueryDict, base: Content) -> tuple[Content, str]:
    """The content and the message as they were typed, right or not. Rows in which nothing was typed are left out."""
    content = as_typed(PageForm(data))
    choices = organisations(base)
    for relation, kind in FORMS.items():
        options = {"organisations": choices} if relation == "partnerships" else {}
        count = data.get(f"{relation}-count", "")
        old = {row["key"] for row in base[relation]}
        rows: dict[str, dict] = {}
        for number in range(min(int(count) if count.isdecimal() else 0, MOST_ROWS)):
            key = data.get(f"{relation}-{number}-key", "")
            if (key not in old and not (key.startswith("nieuw-") and key[6:].isdecimal())) or key in rows:
                key = empty_row(relation, {relation: list(rows.values())})["key"]
            rows[key] = {"key": key, **as_typed(kind(data, prefix=f"{relation}-{number}", **options))}
        content[relation] = [row for row in rows.values() if not is_empty(row)]
    return content, plain(data.get("note", ""))


def as_typed(form: forms.BaseForm) -> dict:
    """For each field its value where that is right, and else the words that were typed."""
    form.is_valid()
    return {name: _plain(form, name) for name in form.fields}


def _plain(form: forms.BaseForm, name: str):
    if isinstance(form.fields[name], forms.ModelMultipleChoiceField):
        return sorted(chosen.pk for chosen in form.cleaned_data.get(name, []))
    if name in form.cleaned_data:
        value = plain(form.cleaned_data[name])
        # Some texts of one line have a box of two, so that all of them is in view on a phone.
        return LINE_END.sub(" ", value) if isinstance(value, str) and name not in PARAGRAPHS else value
    raw = plain(form[name].data or "")
    return None if name == "organisation" else raw  # a forged number is no choice
