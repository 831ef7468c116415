"""Finding: which words lead to which entries, in which order, and that nobody finds what is not theirs."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from mkbroute.core.models import PromotedResult, SearchEntry, SearchWord, Synonym, Visibility
from mkbroute.core.search import PER_PAGE, Question, Search, rebuild, suggestions
from network.models import Organisation
from tests import factories

VISITOR = AnonymousUser()


def entry(title: str, **fields) -> SearchEntry:
    """Something that can be found by its title and these texts, stored."""
    defaults = {"key": f"voorbeeld:{title}", "kind": "contentpage", "address": "/voorbeeld/"}
    made = SearchEntry.about(title=title, **{**defaults, **fields})
    SearchEntry.objects.put([made])
    return made


def titles(text: str, user=VISITOR, **filters) -> list[str]:
    return [result.title for result in Search(Question(text), user, **filters).results]


# --- What must be found ----------------------------------------------------------------------------------------------

PAIRS = [
    ("branches", "branche"),
    ("werkplek", "leerwerkplek"),
    ("deeltijd", "deeltijdopleiding"),
    ("begeleiding", "praktijkbegeleiding"),
    ("business case", "businesscase"),
    ("technische", "techniek"),
    ("zij-instroom", "zijinstromers"),
    ("zij-instromer", "zijinstromer"),
    ("mkb-bedrijf", "mkb bedrijf"),
    ("coöperatie", "cooperatie"),
]
ONE_WAY = [("logistik", "logistiek"), ("hogschool", "hogeschool")]
SYNONYMS = [
    ("bbl", "beroepsbegeleidende leerweg"),
    ("Ad", "Associate degree"),
    ("mkb", "midden- en kleinbedrijf"),
]


@pytest.fixture
def synonyms(db):
    for pair in SYNONYMS:
        Synonym.objects.create(terms=", ".join(pair))


@pytest.mark.parametrize(
    ("typed", "written"),
    [*PAIRS, *((right, left) for left, right in PAIRS), *ONE_WAY, *SYNONYMS, *((b, a) for a, b in SYNONYMS)],
)
@pytest.mark.parametrize("where", ["title", "keywords"])
def test_a_pair_finds_each_other(typed, written, where, synonyms):
    entry("Iets anders over metaalunie en water")
    if where == "title":
        entry(written)
    else:
        entry("De pagina", keywords=[written])
    assert titles(typed) == [written if where == "title" else "De pagina"]


@pytest.mark.parametrize(("typed", "written"), [("business case", "businesscase"), ("businesscase", "business case")])
def test_joined_and_split_words_are_found_in_running_text_too(typed, written, db):
    entry("De pagina", text=f"Wat levert het op? Reken de {written} door.")
    assert titles(typed) == ["De pagina"]


def test_a_hyphenated_word_in_running_text_is_found_as_one_word(db):
    entry("De pagina", text="Voor wie als zij-instromer begint.")
    assert titles("zijinstromer") == ["De pagina"]


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("bbl", "bol"),
        ("bouw", "metaalunie"),
        ("Ad", "AI"),
        ("hbo", "mbo"),
        ("begeleiding", "opleiding"),
        ("leiden", "opleiden"),
    ],
)
def test_what_only_looks_alike_is_not_found(typed, written, synonyms):
    entry(written)
    assert titles(typed) == []


@pytest.mark.usefixtures("content")
@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("branches", "/voor-wie/branche/"),
        ("branche", "/voor-wie/branche/"),
        ("werkplek", "/over/wat-is-een-mkb-route/"),
        ("leerwerkplek", "/voor-wie/student/"),
        ("deeltijd", "/voor-wie/student/"),
        ("deeltijdopleiding", "/voor-wie/student/"),
        ("begeleiding", "/voor-wie/mkb-bedrijf/"),
        ("praktijkbegeleiding", "/thema/praktijkbegeleiding/"),
        ("technische", "/netwerk/techniek-nederland/"),
        ("techniek", "/pilots/technische-installatiebranche/"),
        ("logistik", "/pilots/traineeship-logistiek/"),
        ("hogschool", "/voor-wie/hogeschool/"),
        ("zij-instroom", "/voor-wie/student/"),
        ("zijinstromers", "/voor-wie/student/"),
        ("bbl", "/voor-wie/student/"),
        ("associate degree", "/pilots/ad-bouwkunde/"),
        ("midden- en kleinbedrijf", "/over/wat-is-een-mkb-route/"),
        ("telefoon", "/contact/"),
        ("jacco vonhof", "/over/mensen/jacco-vonhof/"),
    ],
)
def test_the_real_content_is_found(typed, address):
    question = Question(typed)
    found = [
        result.address
        for kind in Search(question, VISITOR).kinds
        for result in Search(question, VISITOR, kind=kind).results
    ]
    assert address in found


@pytest.mark.usefixtures("content")
def test_the_real_content_keeps_apart_what_only_looks_alike():
    """The Metaalunie does not build, and who asks about bbl is not sent to a page that only has bol."""
    bouw = Search(Question("bouw"), VISITOR, kind="organisation").results
    assert [result.title for result in bouw if "Metaalunie" in result.title] == []


# --- Order -----------------------------------------------------------------------------------------------------------


def test_stems_come_before_synonyms_and_synonyms_before_what_looks_alike(db):
    Synonym.objects.create(terms="loon, salaris")
    entry("Salarisstrook", keywords=["salaris"])
    entry("Loonheffing")
    entry("Wat verdient u?", text="Een loon hoort bij het werk. Het loon betaalt de werkgever.")
    assert titles("loon") == ["Wat verdient u?", "Salarisstrook", "Loonheffing"]


def test_a_word_in_the_title_counts_for_more_than_one_in_keywords_or_text(db):
    entry("Derde", text="over subsidie en over subsidie")
    entry("Tweede", keywords=["subsidie"])
    entry("Subsidie")
    assert titles("subsidie") == ["Subsidie", "Tweede", "Derde"]


def test_every_word_must_be_there(db):
    entry("Bouw in Zwolle")
    entry("Bouw in Utrecht")
    assert titles("bouw zwolle") == ["Bouw in Zwolle"]
    assert titles("bouw van de stad zwolle") == []


def test_a_synonym_and_a_typing_error_go_together(synonyms):
    entry("Associate degree Logistiek")
    assert titles("ad logistik") == ["Associate degree Logistiek"]


def test_a_new_synonym_works_at_once(db):
    entry("Nascholing")
    assert titles("bijspijkeren") == []
    Synonym.objects.create(terms="bijspijkeren, nascholing")
    assert titles("bijspijkeren") == ["Nascholing"]


def test_a_synonym_needs_two_different_terms(db):
    for terms in ("bbl", "bbl, BBL", "bbl, ", ", !"):
        with pytest.raises(ValidationError, match="twee verschillende"):
            Synonym(terms=terms).full_clean()


# --- Counts, filters and pages ---------------------------------------------------------------------------------------


def test_counts_follow_the_other_filter(db):
    entry("Bouw een", kind="pilot", themes=["visie"])
    entry("Bouw twee", kind="pilot")
    entry("Bouw drie", kind="term", themes=["visie", "werving"])
    everything = Search(Question("bouw"), VISITOR)
    assert everything.total == 3
    assert (everything.kinds, everything.themes) == ({"pilot": 2, "term": 1}, {"visie": 2, "werving": 1})
    chosen = Search(Question("bouw"), VISITOR, kind="pilot", theme="visie")
    assert chosen.total == 1
    assert (chosen.kinds, chosen.themes) == ({"pilot": 1, "term": 1}, {"visie": 1})
    assert [result.title for result in chosen.results] == ["Bouw een"]


def test_the_pages_of_a_kind_hold_every_result_once(db):
    made = {entry(f"Bouw {n}", kind="pilot").title for n in range(2 * PER_PAGE + 3)}
    seen, search = [], Search(Question("bouw"), VISITOR, kind="pilot")
    seen += [result.title for result in search.results]
    while search.has_more:
        score, pk = map(int, search.next_place.split("-"))
        search = Search(Question("bouw"), VISITOR, kind="pilot", after=(score, pk))
        seen += [result.title for result in search.results]
    assert len(seen) == len(made)
    assert set(seen) == made


# --- Snippets --------------------------------------------------------------------------------------------------------


def test_a_snippet_marks_the_word_and_lets_no_html_through(db):
    entry(
        "De pagina", text='Let op <script>alert("x")</script> bij de bouw van &lt;b&gt; huizen \ue000 en \ue001 meer.'
    )
    (result,) = Search(Question("bouw"), VISITOR).results
    assert "<mark>bouw</mark>" in result.marked
    assert result.marked.count("<") == 2


def test_a_snippet_is_the_summary_when_the_word_is_only_in_the_title(db):
    entry("Bouw", summary="Een gewone zin.", text="Niets erover.")
    assert [result.snippet for result in Search(Question("bouw"), VISITOR).results] == ["Een gewone zin."]


# --- Did you mean, and suggestions -----------------------------------------------------------------------------------


def test_a_typing_error_is_offered_right(db):
    entry("Logistiek in Utrecht")
    assert Search(Question("logistik utrecht"), VISITOR).did_you_mean == "logistiek utrecht"
    assert Search(Question("logistiek utrecht"), VISITOR).did_you_mean == ""
    assert Search(Question("xyzzy"), VISITOR).did_you_mean == ""


def test_suggestions_are_titles_that_begin_so_and_words_that_complete_what_was_typed(db):
    entry("Bouwend Nederland")
    entry("De bouwkunde")
    assert suggestions("bouw", VISITOR) == ["Bouwend Nederland", "bouwend", "bouwkunde"]
    assert suggestions("de bouwk", VISITOR) == ["De bouwkunde"]
    assert suggestions("b", VISITOR) == []


# --- Who may find what -----------------------------------------------------------------------------------------------


@pytest.fixture
def secret(db):
    return entry("Geheimzinnigheid", text="Over de geheimhouding.", visibility=Visibility.TEAM)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("subisdie", "subsidie"), ("subcidie", "subsidie"), ("begelieder", "begeleider"), ("saleris", "salaris")],
)
def test_swapped_and_wrong_letters_find_what_was_meant(typed, meant, db):
    entry(meant)
    assert titles(typed) == [meant]
    assert Search(Question(typed), VISITOR).did_you_mean == meant


def test_what_is_for_the_team_is_found_by_the_team_alone(secret, moderator, editor, outsider):
    found = [titles("geheimzinnigheid", user) for user in (VISITOR, outsider, editor, moderator)]
    assert found == [[], [], ["Geheimzinnigheid"], ["Geheimzinnigheid"]]


def test_what_is_for_the_team_leaks_through_nothing(secret, outsider):
    entry("Openbaar")
    for user in (VISITOR, outsider):
        search = Search(Question("geheimzinigheid"), user)
        assert (search.total, search.sums, search.net, search.did_you_mean) == (0, [], 0, "")
        assert suggestions("geheim", user) == []
        assert suggestions("openb", user) == ["Openbaar"]


def test_a_withdrawn_page_is_not_found_nor_suggested_and_comes_back(db):
    pilot = factories.PilotFactory(title="Zeldzaamheid")
    assert titles("zeldzaamheid") == ["Zeldzaamheid"]
    pilot.unpublish()
    assert (titles("zeldzaamheid"), suggestions("zeld", VISITOR)) == ([], [])
    pilot.save_revision().publish()
    assert (titles("zeldzaamheid"), suggestions("zeld", VISITOR)) == (["Zeldzaamheid"], ["Zeldzaamheid"])


def test_the_name_of_a_withdrawn_partner_leads_nowhere(db):
    partner = factories.OrganisationFactory(title="Zwijgzaam")
    pilot = factories.PilotFactory(title="De pilot")
    factories.PartnershipFactory(pilot=pilot, organisation=partner)
    pilot.save()
    assert titles("zwijgzaam", kind="pilot") == ["De pilot"]
    partner.unpublish()
    assert (titles("zwijgzaam"), suggestions("zwijg", VISITOR)) == ([], [])
    partner.title = "Spraakzaam"
    partner.save_revision().publish()
    assert titles("spraakzaam", kind="pilot") == ["De pilot"]


# --- Keeping the entries ---------------------------------------------------------------------------------------------


def test_a_draft_changes_nothing_and_costs_no_write(db):
    pilot = factories.PilotFactory(title="Oude naam")
    pilot.save_revision()
    pilot.title = "Nieuwe naam"
    with CaptureQueriesContext(connection) as queries:
        pilot.save_revision()
    assert [query["sql"] for query in queries if "core_search" in query["sql"]] == []
    assert (titles("oude"), titles("nieuwe")) == (["Oude naam"], [])
    pilot.latest_revision.publish()
    assert (titles("oude"), titles("nieuwe")) == ([], ["Nieuwe naam"])


def test_a_part_of_an_object_that_is_saved_takes_no_draft_along(db):
    pilot = factories.PilotFactory(title="Oude naam")
    pilot.title = "Nieuwe naam"
    pilot.save(update_fields=["live"])
    assert (titles("oude"), titles("nieuwe")) == (["Oude naam"], [])


@pytest.mark.parametrize(
    "delete", [Organisation.delete, lambda target: Organisation.objects.filter(pk=target.pk).delete()]
)
def test_what_is_deleted_is_found_no_more(delete, db):
    delete(factories.OrganisationFactory(title="Weggaan"))
    assert titles("weggaan") == []


def test_a_theme_that_gets_another_name_is_found_by_that(db):
    theme = factories.ThemeFactory(title="Samenspel")
    pilot = factories.PilotFactory(title="De pilot")
    pilot.themes = [theme]
    pilot.save()
    theme.title = "Teamwerk"
    theme.save()
    assert (titles("samenspel"), titles("teamwerk")) == ([], ["De pilot"])


def test_rebuilding_gives_what_publishing_gave_and_does_so_twice(db):
    factories.PilotFactory(title="Zichtbaar")
    factories.PilotFactory(title="Onzichtbaar", live=False)
    before = list(SearchEntry.objects.values("key", "title", "keywords", "words"))
    SearchWord.objects.create(word="overgebleven")
    entry("Over van vroeger")
    for _ in range(2):
        assert rebuild() == len(before)
        assert list(SearchEntry.objects.values("key", "title", "keywords", "words")) == before
    assert SearchWord.objects.filter(word="overgebleven").count() == 0


def test_internal_notes_are_not_searched(db):
    file = factories.PolicyFileFactory(title="De motie", internal_notes="geheimtaal")
    file.save_revision().publish()
    assert (titles("motie"), titles("geheimtaal")) == (["De motie"], [])


# --- Bad input -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            " ",
            "\0",
            "\0bouw\0",
            "de het een",
            "' OR 1=1 --",
            "& | ! ( ) <-> :* \\",
            "''''",
            '"' * 99,
            "💥🏗️",
            "%s %(x)s",
        ),
        *("bouw:*", "a" * 10_000, "bouw " * 2_000, "é" * 500, "\u202e\ufeff", "1 2 3", "_", "-" * 50, "a-b-c-d", "²½"),
    ],
)
def test_no_nonsense_breaks(text, db):
    entry("Bouw")
    search = Search(Question(text), VISITOR)
    assert search.total == len(search.results)
    assert isinstance(suggestions(text, VISITOR), list)


def test_a_long_question_is_cut_and_says_so():
    question = Question("bouw " * 2_000)
    assert (len(question.text), question.text_was_cut, len(question.typed)) == (100, True, 10)


# --- Promoted results ------------------------------------------------------------------------------------------------


def test_a_promoted_result_is_a_page_that_visitors_find(secret):
    entry("Financiering", address="/over/financiering/")
    promoted = PromotedResult(term=" Subsidie! ", address="/over/financiering/")
    promoted.full_clean()
    promoted.save()
    assert promoted.term == "subsidie"
    SearchEntry.objects.filter(key=secret.key).update(address="/geheim/")
    for address in ("/geheim/", "/bestaat-niet/"):
        with pytest.raises(ValidationError, match="geen pagina"):
            PromotedResult(term="iets", address=address).full_clean()


def test_entries_know_when_their_page_was_published(db):
    when = timezone.now() - timedelta(days=3)
    factories.PilotFactory(title="Drie dagen oud", last_published_at=when)
    assert SearchEntry.objects.get(title="Drie dagen oud").updated == when
