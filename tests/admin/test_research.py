"""Editors keep what was learned: the rule of evidence, signed answers, files, schemes, terms and news."""

import csv
import json
from datetime import date, timedelta
from io import StringIO

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse
from django.utils import timezone

from mkbroute.core.models import PreviewLink
from research.models import NewsItem, PolicyFile, Practice, Publication, Question, Term
from tests import factories
from tests.admin.conftest import edit_url

MODELS = (Practice, Question, Publication, PolicyFile, Term, NewsItem)


def make(model, **fields):
    return getattr(factories, f"{model.__name__}Factory")(**fields)


def url(instance, screen: str, *args) -> str:
    return reverse(type(instance).snippet_viewset.get_url_name(screen), args=[instance.pk, *args])


def listing(client, model, **filters) -> list[list[str]]:
    """The rows of a list as words, without the box to tick and the buttons."""
    response = client.get(reverse(model.snippet_viewset.get_url_name("list")), filters)
    page = BeautifulSoup(response.content, "html.parser")
    for buttons in page.select("ul.actions, [data-controller=w-dropdown]"):
        buttons.decompose()
    rows = page.select("table.listing tbody tr")
    return [[" ".join(cell.text.split()) for cell in row.select("td")[1:]] for row in rows]


def errors(response) -> dict[str, str]:
    """What the form says, by the field at which it says it."""
    page = BeautifulSoup(response.content, "html.parser")
    found = {}
    for message in page.select(".w-field__errors .error-message"):
        field = message.find_parent(class_="w-field").select_one("[name]")
        found[field["name"]] = " ".join(message.text.split())
    return found


# --- All of them --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("model", MODELS)
def test_a_draft_leaves_the_live_page_as_it_was(model, team, read_form, client):
    thing = make(model, summary="Zo staat het er")
    team.post(edit_url(thing), {**read_form(team, edit_url(thing)), "summary": "Nog een concept"})
    thing.refresh_from_db()
    assert (thing.live, thing.has_unpublished_changes, thing.summary) == (True, True, "Zo staat het er")
    page = client.get(thing.get_absolute_url()).content.decode()
    assert ["Zo staat het er" in page, "Nog een concept" in page] == [True, False]
    team.post(edit_url(thing), {**read_form(team, edit_url(thing)), "action-publish": "1"})
    assert "Nog een concept" in client.get(thing.get_absolute_url()).content.decode()


@pytest.mark.parametrize("model", MODELS)
def test_an_editor_sends_in_and_publishes_nothing(model, desk, read_form):
    thing = make(model, summary="Oud")
    data = {**read_form(desk, edit_url(thing)), "summary": "Nieuw"}
    desk.post(edit_url(thing), {**data, "action-publish": "1"})
    desk.post(edit_url(thing), {**read_form(desk, edit_url(thing)), "action-submit": "1"})
    thing = model.objects.get()
    assert (thing.summary, thing.workflow_in_progress) == ("Oud", True)


@pytest.mark.parametrize("model", MODELS)
def test_the_preview_is_the_public_page(model, team, read_form):
    thing = make(model, summary="Oud")
    answer = team.post(
        url(thing, "preview_on_edit"), {**read_form(team, edit_url(thing)), "summary": "Alleen voor mij"}
    )
    assert answer.json() == {"is_valid": True, "is_available": True}
    response = team.get(url(thing, "preview_on_edit"))
    assert "Alleen voor mij" in response.content.decode()
    assert model.page_template in [template.name for template in response.templates]


@pytest.mark.parametrize("model", MODELS)
def test_what_was_never_saved_has_a_preview_too(model, team, read_form):
    add = reverse(model.snippet_viewset.get_url_name("add"))
    preview = reverse(model.snippet_viewset.get_url_name("preview_on_add"))
    data = read_form(team, add) | {"title": "Gloednieuw", "slug": "gloednieuw", "summary": "Een zin."}
    data |= {"meaning": "Een zin.", "url": "https://voorbeeld.nl/", "kind": getattr(make(model), "kind", "")}
    assert team.post(preview, data).json() == {"is_valid": True, "is_available": True}
    assert "Gloednieuw" in team.get(preview).content.decode()
    assert list(model.objects.filter(title="Gloednieuw")) == []


# --- Good practices -----------------------------------------------------------------------------------------


def evidence(response) -> tuple[str, list[str]]:
    """What the panel shows: the strength and the answer on every point."""
    panel = BeautifulSoup(response.content, "html.parser").select_one(".evidence")
    marks = [mark.text.strip() for mark in panel.select(".evidence__mark")]
    return panel.select_one(".evidence__strength").text.strip(), marks


def test_the_form_shows_what_the_rule_gives_now(team, read_form):
    practice = factories.PracticeFactory(seen_in=1, evidence_method="verteld")
    assert evidence(team.get(edit_url(practice))) == ("1 van 5", ["Ja", "Nee", "Nee", "Nee", "Nee"])
    team.post(
        edit_url(practice), {**read_form(team, edit_url(practice)), "seen_in": "2", "evidence_method": "bevraagd"}
    )
    assert evidence(team.get(edit_url(practice))) == ("3 van 5", ["Ja", "Ja", "Nee", "Ja", "Nee"])
    assert Practice.objects.get().strength == 1


def test_a_new_practice_starts_without_evidence(team):
    add = reverse(Practice.snippet_viewset.get_url_name("add"))
    assert evidence(team.get(add)) == ("Nog onvoldoende bewijs", ["Nee"] * 5)


def test_lowering_with_a_reason_shows_on_the_form(team, read_form):
    practice = factories.PracticeFactory(seen_in=2, evidence_method="bevraagd")
    lowered = {"lowered_to": "1", "lowered_because": "Een van de twee stopte.", "action-publish": "1"}
    team.post(edit_url(practice), {**read_form(team, edit_url(practice)), **lowered})
    assert Practice.objects.get().strength == 1
    response = team.get(edit_url(practice))
    assert evidence(response)[0] == "1 van 5"
    assert "De regel geeft 3 van 5. Verlaagd, want: Een van de twee stopte." in response.content.decode()


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        (
            {"lowered_to": "3", "lowered_because": "Het werkt zo goed."},
            {"lowered_to": "De regel geeft 3. U kunt de bewijskracht alleen verlagen."},
        ),
        ({"lowered_to": "1"}, {"lowered_because": "Verlagen doet u met een getal en een reden: vul ze allebei in."}),
        (
            {"first_year": "2020", "last_year": "2019"},
            {"first_year": "Vul eerst het beginjaar in; het laatste jaar ligt daar niet voor."},
        ),
    ],
)
def test_what_is_refused_of_a_practice_is_said_at_the_field(fields, expected, team, read_form):
    practice = factories.PracticeFactory(seen_in=2, evidence_method="bevraagd")
    response = team.post(edit_url(practice), {**read_form(team, edit_url(practice)), **fields, "aim": "Blijft staan"})
    assert errors(response) == expected
    assert "Blijft staan" in response.content.decode()
    assert Practice.objects.get().has_unpublished_changes is False


def test_a_practice_is_tied_to_what_it_is_about_by_ticking(team, read_form):
    practice = factories.PracticeFactory()
    ticked = {
        "audiences": ["hogeschool", "student"],
        "themes": [factories.ThemeFactory().pk],
        "pilots": [factories.PilotFactory().pk, factories.PilotFactory().pk],
        "organisations": [factories.OrganisationFactory().pk],
        "questions": [factories.QuestionFactory().pk],
    }
    factories.PilotFactory()
    team.post(edit_url(practice), {**read_form(team, edit_url(practice)), **ticked, "action-publish": "1"})
    practice = Practice.objects.get()
    names = ("themes", "pilots", "organisations", "questions")
    assert {name: [row.pk for row in getattr(practice, name).all()] for name in names} == {
        name: ticked[name] for name in names
    }
    assert practice.audiences == ["hogeschool", "student"]


def test_practices_are_filtered_by_kind_theme_and_strength(team):
    idea = factories.PracticeFactory(title="Idee", kind="idee")
    idea.themes = [theme := factories.ThemeFactory()]
    idea.save()
    factories.PracticeFactory(title="Sterk", seen_in=2, evidence_method="bevraagd")
    expected = {("kind", "idee"): ["Idee"], ("themes", theme.pk): ["Idee"], ("strength", 3): ["Sterk"]}
    found = {pair: [row[0] for row in listing(team, Practice, **dict([pair]))] for pair in expected}
    assert found == expected
    assert [row[:3] for row in listing(team, Practice, strength=3)] == [["Sterk", "aanpak", "3 van 5"]]


# --- Research agenda ----------------------------------------------------------------------------------------


def test_only_root_questions_can_be_chosen_as_root(team):
    root = factories.QuestionFactory(title="Wat werkt?")
    sub = factories.QuestionFactory(title="Voor wie?", root=root)
    page = BeautifulSoup(team.get(edit_url(sub)).content, "html.parser")
    offered = [option.text for option in page.select("select[name=root] option")]
    assert offered == ["Geen: dit is zelf een hoofdvraag", "Wat werkt?"]
    page = BeautifulSoup(team.get(edit_url(root)).content, "html.parser")
    assert [option.text for option in page.select("select[name=root] option")] == offered[:1]


def text_block(words: str) -> dict:
    """What the browser sends for a text of one block."""
    text = {"blocks": [{"key": "a1", "text": words, "type": "unstyled"}], "entityMap": {}}
    block = {"type": "text", "order": "0", "deleted": "", "id": "", "value": json.dumps(text)}
    return {"body-count": "1", **{f"body-0-{name}": value for name, value in block.items()}}


def test_an_answer_without_date_or_name_is_refused_and_kept_in_the_form(team, read_form):
    question = factories.QuestionFactory()
    response = team.post(edit_url(question), {**read_form(team, edit_url(question)), **text_block("Vaak wel.")})
    assert errors(response) == {"known_on": "Bij wat wij nu weten horen een datum en een naam."}
    assert "Vaak wel." in response.content.decode()
    assert Question.objects.get().has_unpublished_changes is False


def test_a_dated_and_signed_answer_is_published(team, read_form):
    question = factories.QuestionFactory()
    signed = {"known_on": "1-9-2026", "known_by": "het programmateam", "status": "beantwoord", "action-publish": "1"}
    team.post(edit_url(question), {**read_form(team, edit_url(question)), **text_block("Vaak wel."), **signed})
    question = Question.objects.get()
    assert (question.known_on, question.status) == (date(2026, 9, 1), "beantwoord")
    assert "Vaak wel." in str(question.body)


def test_the_list_of_questions_says_where_each_stands(team):
    root = factories.QuestionFactory(title="Wat werkt?", number=1)
    theme = factories.ThemeFactory(title="Samenwerking")
    signed = {"known_on": date(2026, 9, 1), "known_by": "het programmateam"}
    factories.QuestionFactory(title="Voor wie?", root=root, theme=theme, status="in-onderzoek", number=2, **signed)
    rows = {row[0]: row[1:5] for row in listing(team, Question)}
    assert rows == {
        "Wat werkt?": ["is een hoofdvraag", "", "open", "nog geen antwoord"],
        "Voor wie?": ["Wat werkt?", "Samenwerking", "in onderzoek", "1 september 2026"],
    }
    assert [row[0] for row in listing(team, Question, root=root.pk)] == ["Voor wie?"]
    assert [row[0] for row in listing(team, Question, status="open")] == ["Wat werkt?"]


# --- Publications -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"url": ""}, {"url": "Vul een adres, een DOI of een bestand in: waar kan iemand dit lezen?"}),
        ({"year": "22"}, {"year": "Vul het jaar in vier cijfers in, zoals 2022."}),
        (
            {"doi": "https://doi.org/10.1234/a"},
            {"doi": "Een DOI begint met 10., zoals 10.1234/abcd. Laat https://doi.org/ weg."},
        ),
    ],
)
def test_what_is_refused_of_a_publication_is_said_at_the_field(fields, expected, team, read_form):
    publication = factories.PublicationFactory()
    response = team.post(edit_url(publication), {**read_form(team, edit_url(publication)), **fields})
    assert errors(response) == expected
    assert Publication.objects.get().has_unpublished_changes is False


def test_a_file_needs_an_accessible_version_and_the_form_says_so_at_that_field(team, read_form):
    publication, document = factories.PublicationFactory(), factories.DocumentFactory()
    data = {**read_form(team, edit_url(publication)), "file": document.pk, "action-publish": "1"}
    assert errors(team.post(edit_url(publication), data)) == {
        "alternative": "Schrijf waar de toegankelijke versie van het bestand is, of geef aan dat het bestand "
        "toegankelijk is."
    }
    team.post(edit_url(publication), {**data, "file_is_accessible": "on"})
    assert Publication.objects.get().file == document


def test_publications_are_filtered_by_kind_and_file(team):
    document = factories.DocumentFactory()
    factories.PublicationFactory(title="Met bestand", file=document, file_is_accessible=True, kind="scriptie")
    factories.PublicationFactory(title="Alleen een adres")
    assert [row[0] for row in listing(team, Publication, file="true")] == ["Met bestand"]
    assert [row[0] for row in listing(team, Publication, file="false")] == ["Alleen een adres"]
    assert [row[0] for row in listing(team, Publication, kind="scriptie")] == ["Met bestand"]


# --- Policy -------------------------------------------------------------------------------------------------


def test_the_list_of_policy_warns_of_schemes_and_shows_the_next_date(team):
    today = timezone.localdate()
    due = factories.PolicyFileFactory(title="SLIM", kind="regeling", next_on=date(2099, 9, 1), next_what="opnieuw open")
    factories.SchemeFactory(policy_file=due, valid_to=today - timedelta(days=1))
    factories.SchemeFactory(policy_file=due)
    factories.SchemeFactory(policy_file=due, checked_on=today)
    factories.PolicyFileFactory(title="Motie", next_on=date(2020, 2, 18), next_what="stemming")
    factories.PolicyFileFactory(title="Wet", kind="wet")
    rows = {row[0]: row[1:5] for row in listing(team, PolicyFile)}
    assert rows == {
        "SLIM": [
            *("subsidieregeling", "nog niet bekend", "1 september 2099: opnieuw open"),
            "1 verlopen, 1 niet gecontroleerd",
        ],
        "Motie": ["motie", "nog niet bekend", "18 februari 2020 (voorbij): stemming", ""],
        "Wet": ["wet of besluit", "nog niet bekend", "", ""],
    }


def test_a_next_date_without_words_is_refused_at_the_field(team, read_form):
    file = factories.PolicyFileFactory()
    response = team.post(edit_url(file), {**read_form(team, edit_url(file)), "next_on": "1-9-2099"})
    assert errors(response) == {"next_what": "Schrijf bij de volgende datum wat er dan gebeurt."}


def test_a_scheme_that_ends_before_it_starts_is_refused_in_words(team, read_form):
    file = factories.SchemeFactory().policy_file
    dates = {"schemes-0-valid_from": "1-2-2026", "schemes-0-valid_to": "1-1-2026"}
    response = team.post(edit_url(file), {**read_form(team, edit_url(file)), **dates})
    assert "De einddatum ligt voor de begindatum." in response.content.decode()
    assert PolicyFile.objects.get().has_unpublished_changes is False


def test_rows_of_a_draft_stay_out_of_the_live_file(team, read_form):
    file = factories.PolicyEventFactory(what="De motie is aangenomen.").policy_file
    team.post(edit_url(file), {**read_form(team, edit_url(file)), "events-0-what": "De motie is verworpen."})
    file = PolicyFile.objects.get()
    assert [event.what for event in file.events.all()] == ["De motie is aangenomen."]
    assert [event.what for event in file.get_latest_revision_as_object().events.all()] == ["De motie is verworpen."]


def test_internal_notes_stay_inside(team, read_form, client, moderator):
    file = factories.PolicyFileFactory(internal_notes="Alleen voor ons")
    notes = {"internal_notes": "Nog geheimer", "summary": "Van nu"}
    data = {**read_form(team, edit_url(file)), **notes}
    team.post(edit_url(file), data)
    team.post(url(file, "preview_on_edit"), data)
    token = PreviewLink.objects.create(target=PolicyFile.objects.get(), created_by=moderator).token
    pages = [
        team.get(url(file, "preview_on_edit")),
        client.get(reverse("preview_link", args=[token])),
        client.get(file.get_absolute_url()),
        client.get(reverse("policy_list")),
    ]
    assert [page.status_code for page in pages] == [200] * 4
    words = " ".join(page.content.decode() for page in pages)
    assert [note for note in ("Alleen voor ons", "Nog geheimer") if note in words] == []
    assert "Van nu" in words


def test_the_team_takes_policy_along_with_warnings_and_notes(team):
    factories.SchemeFactory(policy_file__internal_notes="Bel in mei")
    response = team.get(reverse(PolicyFile.snippet_viewset.get_url_name("list")), {"export": "csv"})
    (row,) = csv.DictReader(StringIO(b"".join(response.streaming_content).decode()))
    assert (row["Regelingen"], row["Interne notities"]) == ("1 niet gecontroleerd", "Bel in mei")


# --- Terms --------------------------------------------------------------------------------------------------


def test_other_forms_are_typed_with_commas(team, read_form):
    term = factories.TermFactory(title="Leeruitkomst", also=["leeruitkomsten", "learning outcome"])
    data = read_form(team, edit_url(term))
    assert data["also"] == "leeruitkomsten, learning outcome"
    typed = "leeruitkomsten,, Leeruitkomst , eindtermen ,eindtermen,"
    team.post(edit_url(term), {**data, "also": typed, "action-publish": "1"})
    assert Term.objects.get().also == ["leeruitkomsten", "eindtermen"]


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"title": "leeruitkomst"}, {"title": "‘leeruitkomst’ hoort al bij het begrip ‘Leeruitkomst’."}),
        ({"title": "LEERUITKOMSTEN"}, {"title": "‘LEERUITKOMSTEN’ hoort al bij het begrip ‘Leeruitkomst’."}),
        ({"also": "doel, Leeruitkomsten"}, {"also": "‘Leeruitkomsten’ hoort al bij het begrip ‘Leeruitkomst’."}),
        ({"summary": ""}, {"summary": "Leg uit wat het begrip betekent."}),
    ],
)
def test_a_word_belongs_to_one_term_and_has_a_meaning(fields, expected, team, read_form):
    factories.TermFactory(title="Leeruitkomst", also=["leeruitkomsten"])
    term = factories.TermFactory(title="Eindterm")
    response = team.post(edit_url(term), {**read_form(team, edit_url(term)), **fields})
    assert errors(response) == expected
    assert Term.objects.get(pk=term.pk).has_unpublished_changes is False


def test_a_term_keeps_its_own_forms(team, read_form):
    term = factories.TermFactory(title="Leeruitkomst", also=["leeruitkomsten"])
    team.post(edit_url(term), {**read_form(team, edit_url(term)), "summary": "Anders.", "action-publish": "1"})
    assert Term.objects.get().summary == "Anders."


# --- News ---------------------------------------------------------------------------------------------------


def test_news_is_dated_by_its_date_in_the_list(team):
    factories.NewsItemFactory(title="Start", date=date(2020, 12, 1), date_text="eind 2020")
    factories.NewsItemFactory(title="Motie", date=date(2020, 2, 18))
    assert [row[:2] for row in listing(team, NewsItem)] == [["Start", "eind 2020"], ["Motie", "18 februari 2020"]]


@pytest.mark.parametrize("model", [Practice, NewsItem])
def test_an_image_needs_words_and_the_form_says_so_at_that_field(model, team, picture, read_form):
    thing = make(model)
    response = team.post(edit_url(thing), {**read_form(team, edit_url(thing)), "image": picture.pk})
    assert errors(response) == {
        "image_alt": "Beschrijf wat er op de afbeelding staat, of geef aan dat zij alleen decoratief is."
    }
