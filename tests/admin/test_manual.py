"""The manual is read where the work is done, and it speaks of buttons that exist."""

import re

import pytest
from bs4 import BeautifulSoup
from django.utils.translation.trans_real import translation

from mkbroute.manual import FOR_TEAM

FOLDER = FOR_TEAM.folder
ROOT = FOLDER.parent.parent

CHAPTERS = FOR_TEAM.names()


def test_the_contents_names_every_task_once(team):
    page = BeautifulSoup(team.get("/admin/handleiding/").content, "html.parser")
    links = [link["href"] for link in page.select(".manual a")]
    assert sorted(links) == [f"/admin/handleiding/{name}/" for name in CHAPTERS]


@pytest.mark.parametrize("name", CHAPTERS)
def test_a_chapter_opens_for_an_editor_with_its_title(name, desk):
    title = (FOLDER / f"{name}.md").read_text().splitlines()[0].removeprefix("# ")
    page = BeautifulSoup(desk.get(f"/admin/handleiding/{name}/").content, "html.parser")
    assert title in page.select_one("title").text
    assert page.select(".manual ol > li") != []
    assert page.select_one(".manual").text.count("**") == 0


def test_a_chapter_that_does_not_exist_is_not_found(desk):
    assert desk.get("/admin/handleiding/geen/").status_code == 404
    assert desk.get("/admin/handleiding/..%2F..%2FREADME/").status_code == 404


def test_the_manual_is_for_the_team_alone(partner, as_user, client):
    assert as_user(partner).get("/admin/handleiding/").status_code == 404
    assert client.get("/admin/handleiding/").status_code == 302


@pytest.fixture(scope="module")
def words_on_screen() -> str:
    """Everything the admin can say: Wagtail's Dutch texts, a line each, and ours. Blanks stand for what varies."""
    texts = (text for _key, text in translation("nl")._catalog.items())
    ours = [
        path.read_text() for app in ("mkbroute", "network", "pilots", "research") for path in (ROOT / app).rglob("*.py")
    ]
    ours += [path.read_text() for path in (ROOT / "templates").rglob("*.html")]
    return "\n".join(re.sub(r"%\(\w+\)s", "_", text) for text in [*texts, *ours])


@pytest.mark.parametrize("name", CHAPTERS)
def test_what_is_bold_is_on_a_screen(name, words_on_screen):
    bold = re.findall(r"\*\*([^*]+)\*\*", (FOLDER / f"{name}.md").read_text())
    said = [phrase.removeprefix("Voeg ").removesuffix(" toe") for phrase in bold]
    said = [re.sub(r"^(Stuur door naar) Controle$|^(Goedkeuren) en publiceren$", r"\1\2", words) for words in said]
    said = [re.sub(r"^([\w ]+) toevoegen$", r"\1", words) for words in said]
    assert [words for words in said if words.lower() not in words_on_screen.lower()] == []


@pytest.mark.parametrize("name", ["index", *CHAPTERS])
def test_sentences_are_short(name):
    text = re.sub(r"\]\([^)]*\)|[*#|_]", "", (FOLDER / f"{name}.md").read_text())
    sentences = re.split(r"[.!?:](?=\s)|\n", text)
    assert [sentence for sentence in sentences if len(sentence.split()) > 25] == []
