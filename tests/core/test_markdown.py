import pytest
from bs4 import BeautifulSoup

from mkbroute.core.markdown import drawn, in_short, plain


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("# Groot", "<h3>Groot</h3>"),
        ("### Klein", "<h3>Klein</h3>"),
        ("##### Kleiner", "<h4>Kleiner</h4>"),
        ("**vet** en *schuin*", "<p><strong>vet</strong> en <em>schuin</em></p>"),
        ("een\ntwee", "<p>een<br>\ntwee</p>"),
        ("- een\n- twee", "<ul>\n<li>een</li>\n<li>twee</li>\n</ul>"),
        ("> gezegd", "<blockquote>\n<p>gezegd</p>\n</blockquote>"),
        ("[pilot](/pilots/)", '<p><a href="/pilots/">pilot</a></p>'),
        ("[x](https://x.nl)", '<p><a href="https://x.nl" rel="external nofollow ugc">x</a></p>'),
        ("`code` | --- | ~~weg~~", "<p>`code` | --- | ~~weg~~</p>"),
    ],
)
def test_the_few_signs_we_know_become_html(text, html):
    assert drawn(text).strip() == html


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x](java\nscript:alert(1))",
        "[x](&#106;avascript:alert(1))",
        "[x](data:text/html,<script>alert(1)</script>)",
        "[x](vbscript:msgbox)",
        "[x](//kwaad.voorbeeld)",
        "<javascript:alert(1)>",
        "![x](https://kwaad.voorbeeld/teller.png)",
        '[x](https://x.nl "\\" onmouseover=alert(1)")',
        "<style>body{display:none}</style>",
        "<iframe src=https://kwaad.voorbeeld></iframe>",
    ],
)
def test_nothing_that_a_browser_runs_or_fetches_comes_through(text):
    page = BeautifulSoup(drawn(text), "html.parser")
    assert {tag.name for tag in page.find_all()} <= {"p", "a", "br"}
    for link in page.find_all("a"):
        assert link["href"].startswith("https://")
        assert set(link.attrs) <= {"href", "rel", "title"}


def test_a_list_shows_the_words_without_their_signs():
    assert plain("# Kop\n\n**Vet** en [link](https://x.nl) <i>") == "Kop. Vet en link <i>"
    assert plain("Dit:\n\n- een\n- twee\n\n> Klaar!") == "Dit: een. twee. Klaar!"
    assert plain(" ") == ""
    assert in_short("woord " * 100).endswith("…")
    assert len(in_short("woord " * 100)) <= 200


def test_deep_nesting_takes_no_time():
    drawn("> " * 5000 + "x")
    drawn("[" * 5000)
    drawn("*a " * 3000)
