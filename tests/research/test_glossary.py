import re

import pytest
from django.template import Context, Template
from wagtail.rich_text import RichText

from research.glossary import Glossary
from tests import factories

pytestmark = pytest.mark.django_db


def explained(html: str) -> str:
    """The text with every button written as [word]."""
    found = Glossary().explain(html)
    return re.sub(r"<button[^>]*>(.*?)</button><span.*?</span>", r"[\1]", found, flags=re.DOTALL)


@pytest.fixture
def terms():
    factories.TermFactory(title="duaal", slug="duaal", summary="Werk hoort bij de studie.", also=["duale"])
    factories.TermFactory(title="Associate degree", slug="ad", summary="Diploma na twee jaar.", also=["Ad"])
    factories.TermFactory(title="O&O-fonds", slug="oo-fonds", summary="Fonds van een sector.")
    factories.TermFactory(title="pilot", in_texts=False)
    factories.TermFactory(title="verborgen", live=False)


def test_the_first_use_of_a_term_becomes_a_button(terms):
    assert explained("<p>Een duale opleiding. Duaal is anders.</p>") == "<p>Een [duale] opleiding. Duaal is anders.</p>"


def test_case_counts_only_for_a_form_with_a_capital(terms):
    assert explained("<p>Duaal kan. Ga ad hoc naar een Ad.</p>") == "<p>[Duaal] kan. Ga ad hoc naar een [Ad].</p>"


def test_part_of_a_word_is_no_term(terms):
    assert explained("<p>individuaal en Ad-opleiding</p>") == "<p>individuaal en Ad-opleiding</p>"


def test_a_term_with_an_ampersand_is_found_in_html(terms):
    assert explained("<p>Een O&amp;O-fonds betaalt.</p>") == "<p>Een [O&amp;O-fonds] betaalt.</p>"


def test_an_apostrophe_is_found_however_it_is_written():
    factories.TermFactory(title="zzp'er")
    assert explained("<p>Een zzp'er.</p><p>Een zzp&#x27;er.</p>") == "<p>Een [zzp'er].</p><p>Een zzp'er.</p>"


def test_forms_that_differ_in_a_capital_are_two(terms):
    factories.TermFactory(title="AD", slug="hoofdletters")
    assert explained("<p>AD en Ad</p>") == "<p>[AD] en [Ad]</p>"


def test_links_and_headings_stay_as_they_are(terms):
    html = '<h2>Duaal leren</h2><p><a href="/x/">duaal <b>leren</b></a> is duaal.</p>'
    assert explained(html) == '<h2>Duaal leren</h2><p><a href="/x/">duaal <b>leren</b></a> is [duaal].</p>'


def test_an_attribute_is_no_text(terms):
    assert explained('<p><a href="/duaal/">x</a><b title="duaal">y</b></p>') == (
        '<p><a href="/duaal/">x</a><b title="duaal">y</b></p>'
    )


def test_terms_for_the_list_only_and_drafts_are_not_explained(terms):
    assert explained("<p>Een pilot, nog verborgen.</p>") == "<p>Een pilot, nog verborgen.</p>"


def test_a_meaning_with_html_in_it_is_text():
    factories.TermFactory(title="gevaar", summary="<script>alert(1)</script>")
    assert "<script>" not in Glossary().explain("<p>Pas op: gevaar.</p>")


def test_a_page_explains_a_term_once_over_all_its_texts_in_one_query(terms, rf, django_assert_num_queries):
    template = Template("{% load research %}{% explained one %}{% explained two %}")
    context = Context({"request": rf.get("/"), "one": RichText("<p>duaal</p>"), "two": "duaal\n\nen een Ad"})
    with django_assert_num_queries(1):
        page = template.render(context)
    assert page.count("<button") == 2


def test_plain_text_stays_text(terms, rf):
    page = Template("{% load research %}{% explained text %}").render(
        Context({"request": rf.get("/"), "text": "<b>duaal</b> & meer"})
    )
    assert page.startswith("<p>&lt;b&gt;<button")
    assert page.endswith("&lt;/b&gt; &amp; meer</p>")
