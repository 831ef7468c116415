"""What looks like data of a person is found and marked; what only looks a bit like it is left alone."""

import pytest
from django import forms
from django.template import Context, Template

from mkbroute.core.forms_privacy import PrivacyChecked
from mkbroute.core.privacy import find, in_words, marked

BSN = "123456782"  # passes the 11-test; belongs to nobody


def found(text: str) -> list[tuple[str, str]]:
    return [(one.kind, one.text) for one in find(text)]


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("Mail noor@voorbeeld.nl.", "noor@voorbeeld.nl"),
        ("Mail (noor.de-vries+mkb@hr.voorbeeld.nl)!", "noor.de-vries+mkb@hr.voorbeeld.nl"),
        ("mailto:noor@voorbeeld.nl?subject=x", "noor@voorbeeld.nl"),
        ("<noor_1@voorbeeld.museum>", "noor_1@voorbeeld.museum"),
        ("noor (at) voorbeeld.nl", "noor (at) voorbeeld.nl"),
        ("noor[apenstaartje]voorbeeld.nl", "noor[apenstaartje]voorbeeld.nl"),
        ("zoë@voorbeeld.nl", "zoë@voorbeeld.nl"),
    ],
)
def test_a_mail_address_is_found(text, address):
    assert found(text) == [("e-mailadres", address)]


@pytest.mark.parametrize("text", ["@mkbroute op sociale media", "per 3@", "a@b", "wie (at) huis", "a" * 20_000 + "@"])
def test_what_is_no_mail_address_is_left_alone(text):
    assert found(text) == []


@pytest.mark.parametrize(
    "number",
    [
        *("0612345678", "06-12345678", "06 12345678", "06 - 12345678", "06/12345678", "06.12.34.56.78"),
        *("06 12 34 56 78", "06-1234 5678", "06–12345678", "06\u00a012345678", "(06) 12345678", "(06)-12 34 56 78"),
        *("0381234567", "038-1234567", "038 123 45 67", "(038) 123 45 67", "(038)-1234567", "038 / 123 4567"),
        *("0316-123456", "0316 12 34 56", "(0316) 123456", "010-123.45.67", "088 123 45 67", "085-1234567"),
        *("+31612345678", "+31 6 12345678", "+31 6 12 34 56 78", "+31-6-12345678", "+31(0)612345678"),
        *("+31 (0)6 12345678", "+31 (0)6-12345678", "+31 (0) 6 1234 5678", "+31 06 12345678", "(+31) 6 12345678"),
        *("+31 38 123 45 67", "+31 (0)38 123 45 67", "0031612345678", "0031 6 12345678", "0031 (0)38-1234567"),
    ],
)
@pytest.mark.parametrize("around", ["{}", "Bel {}.", "tel.{} of mail", "Tel:{}, vraag naar Noor", "«{}»", "{}\n2 keer"])
def test_a_dutch_telephone_number_is_found_in_every_spelling(number, around):
    assert found(around.format(number)) == [("telefoonnummer", number)]


def test_two_numbers_beside_each_other_are_two_finds():
    assert [number for _, number in found("038-1234567/06-12345678 of 010 1234567 06 12345678")] == [
        *("038-1234567", "06-12345678"),
        *("010 1234567", "06 12345678"),
    ]


@pytest.mark.parametrize(
    "text", [BSN, "1234.56.782", "123 456 782", "123-456-782", "bsn: 123456782.", "3 keer 123456782"]
)
def test_a_number_that_can_be_a_bsn_is_found(text):
    assert [kind for kind, _ in found(text)] == ["BSN-achtig nummer"]


def test_nine_digits_that_fail_the_11_test_are_no_bsn():
    assert [find(number) for number in ("123456789", "123 456 789", "111222334")] == [[], [], []]


@pytest.mark.parametrize(
    "text",
    [
        "van 2018 tot 2020, 2021, 2022 en 2023-2024",
        "€ 1.250 per jaar, € 123.456.782 in totaal, 123.456.782 euro, € 123.456.782,00 of 123456782,-",
        "€ 0,0612345678 per stuk en 1.061.234.567.890",
        "KvK 12345672",  # passes the 11-test, but has eight digits
        "IBAN NL91 ABNA 0417 1643 00, NL91ABNA0417164300 en nl91 abna 0417 1643 00",
        "artikel 7.3.3, artikelnummer 12-0612345678, A-0612345678, art_123456782 en X123456782",
        "EAN 8712345678906 en 0612345678905",
        "op 01-02-2026 10 mensen, 01/02/2026 13 mensen, 2026-02-01 06 en 1-9-2026",
        "open van 09.00-17.00 uur, 09:30 – 12:30 en 13.00-17.00 06",
        "ISBN 978-90-123-4567-8, ISBN: 0198526636, 0-19-852663-6 en ISBN-10 90 274 3964 5",
        "doi 10.1016/0304-3878(93)90009-2 en https://doi.org/10.1000/0612345678",
        "https://zoek.example/kst-0612345678?n=0612345678 en www.voorbeeld.nl/123456782",
        "bel gratis 0800-1234 of 112, of 14 038",
        "btw-nummer NL123456782B01, 3f2504e0-4f89-11d3-9a0c-0305e82c3301",
        "12 345 678 901 234 567",
        "+31 mensen, +31 12 en 06-12",
    ],
)
def test_other_numbers_are_left_alone(text):
    assert found(text) == []


def test_finds_come_in_the_order_of_the_text_with_their_place():
    text = f"Bel 06-12345678 of mail noor@voorbeeld.nl over {BSN}."
    assert [text[one.start : one.end] for one in find(text)] == ["06-12345678", "noor@voorbeeld.nl", BSN]
    assert [one.kind for one in find(text)] == ["telefoonnummer", "e-mailadres", "BSN-achtig nummer"]


@pytest.mark.parametrize("sign", ["1", "0", "a", "a.", " 0", "(", "+31 ", "0612345678 ", "@"])
def test_a_long_text_is_read_in_a_moment(sign):
    find(sign * 20_000)  # a pattern that tries everything again from every sign would take minutes


def test_a_find_is_marked_in_place_and_the_rest_is_escaped():
    assert marked('<b>Bel</b> 06-12345678 & "mail" a@b.nl') == (
        "&lt;b&gt;Bel&lt;/b&gt; <mark>06-12345678</mark> <em>(telefoonnummer?)</em> &amp; &quot;mail&quot; "
        "<mark>a@b.nl</mark> <em>(e-mailadres?)</em>"
    )


def test_braces_in_a_text_are_no_placeholders():
    assert marked("{0} {} {naam}") == "{0} {} {naam}"


def test_the_filter_marks_what_the_team_reads():
    html = Template("{{ text|marked_private|linebreaks }}").render(Context({"text": "Een <i>\n\n06-12345678"}))
    assert html == "<p>Een &lt;i&gt;</p>\n\n<p><mark>06-12345678</mark> <em>(telefoonnummer?)</em></p>"
    assert Template("{{ nothing|marked_private }}").render(Context({"nothing": None})) == ""


def test_finds_read_as_words_each_once():
    assert (
        in_words(find("06-12345678, 06-12345678 en a@b.nl")) == "06-12345678 (telefoonnummer) en a@b.nl (e-mailadres)"
    )


# --- The form -------------------------------------------------------------------------------------------------------


class Letter(PrivacyChecked, forms.Form):
    title = forms.CharField(label="Titel")
    text = forms.CharField(label="Tekst", required=False)
    free = forms.CharField(label="Vrij", required=False)
    privacy_fields = ("title", "text")


TYPED = {"title": "Bel 06-12345678", "text": "Een dag op de werkplek."}


def sent_again(form: Letter, **changed) -> Letter:
    """The form that came back, as a browser would send it."""
    form.full_clean()
    return Letter({**{name: form[name].value() or "" for name in form.fields}, **changed})


def test_a_text_without_data_of_people_goes_on_and_nothing_is_asked():
    form = Letter({"title": "Een dag", "free": "a@b.nl"})
    assert form.is_valid()
    assert form.cleaned_data["privacy_reason"] == ""
    assert list(form.fields) == ["title", "text", "free"]


def test_the_first_send_warns_at_the_field_and_asks_why():
    form = Letter(TYPED)
    assert not form.is_valid()
    assert form.errors == {
        "title": ["Hier staat 06-12345678 (telefoonnummer). Haal dit weg, of schrijf onderaan waarom het mag blijven."],
        "privacy_reason": ["Vul dit in, of haal de gegevens weg."],
    }
    assert form["privacy_reason"].label == "Waarom mag dit erin blijven?"
    assert form["title"].value() == TYPED["title"]


def test_the_summary_leads_to_the_field_and_to_the_question():
    form = Letter(TYPED)
    html = Template('{% include "components/error_summary.html" %}{{ form }}').render(Context({"form": form}))
    assert ['href="#id_title"' in html, 'href="#id_privacy_reason"' in html] == [True, True]
    assert ['id="id_title"' in html, 'id="id_privacy_reason"' in html] == [True, True]
    assert TYPED["title"] in html


def test_with_a_reason_it_goes_on():
    form = sent_again(Letter(TYPED), privacy_reason=" Dit is het nummer van de school. ")
    assert form.is_valid()
    assert form.cleaned_data["privacy_reason"] == "Dit is het nummer van de school."


def test_a_reason_of_blanks_is_none():
    assert not sent_again(Letter(TYPED), privacy_reason="   ").is_valid()


def test_a_reason_is_not_about_data_that_came_in_later():
    form = sent_again(Letter(TYPED), privacy_reason="Van de school.", text="En a@b.nl")
    assert not form.is_valid()
    assert list(form.errors) == ["title", "text"]
    assert form["privacy_reason"].value() == "Van de school."
    assert sent_again(form).is_valid()


def test_when_the_data_are_gone_so_is_the_reason():
    form = sent_again(Letter(TYPED), title="Bel mij", privacy_reason="Van de school.")
    assert form.is_valid()
    assert form.cleaned_data["privacy_reason"] == ""


def test_a_draft_is_never_checked():
    form = Letter(TYPED, sending=False)
    assert form.is_valid()
    assert form.cleaned_data["privacy_reason"] == ""


def test_other_errors_come_at_the_same_time():
    form = Letter({"title": "", "text": "a@b.nl"})
    assert list(form.errors) == ["title", "text", "privacy_reason"]


def test_a_reason_may_not_be_longer_than_the_column():
    form = sent_again(Letter(TYPED), privacy_reason="x" * 251)
    assert list(form.errors) == ["privacy_reason"]


class Kept:
    """Stands for a row that was sent in before."""

    def __init__(self, privacy_reason: str):
        self.privacy_reason = privacy_reason


class Revised(Letter):
    def __init__(self, *args, instance: Kept, **kwargs):
        self.instance = instance
        super().__init__(*args, initial=TYPED, **kwargs)


def test_who_edits_what_was_sent_in_finds_the_reason_again_and_need_not_repeat_it():
    form = Revised(instance=Kept("Van de school."))
    assert form["privacy_reason"].value() == "Van de school."
    sent = {name: form[name].value() or "" for name in form.fields}
    again = Revised(sent, instance=Kept("Van de school."))
    assert again.is_valid()
    assert again.instance.privacy_reason == "Van de school."
    assert not Revised({**sent, "text": "Nu ook a@b.nl"}, instance=Kept("Van de school.")).is_valid()


def test_a_reason_that_is_not_needed_any_more_leaves_the_row():
    again = Revised({"title": "Bel mij", "privacy_reason": "Van de school."}, instance=Kept("Van de school."))
    assert again.is_valid()
    assert again.instance.privacy_reason == ""
