"""What a visit costs in bytes as they travel (compressed) and in requests."""

import re
from html.parser import HTMLParser
from urllib.parse import urljoin

import pytest
from django.conf import settings

PAGES = {
    "home": "/",
    "pilots": "/pilots/",
    "pilot": "/pilots/bouwkunde-en-civiele-techniek/",
    "text": "/over/financiering/",
    "practices": "/kennis/goede-voorbeelden/",
    "terms": "/begrippen/",
    "question": "/onderzoek/duurzame-route/",
    "policy": "/beleid/",
    "contact": "/contact/",
}
every_page = pytest.mark.parametrize("address", PAGES.values(), ids=PAGES.keys())

pytestmark = pytest.mark.usefixtures("content", "production_static")


class Resources(HTMLParser):
    """Collects what a browser fetches besides the page itself: style sheets, icon, scripts, images, drawings."""

    FETCHED = {"link": "href", "script": "src", "img": "src", "use": "href"}
    FETCHED_LINKS = ("stylesheet", "icon")

    def __init__(self, html: str):
        super().__init__()
        self.addresses: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        address = attributes.get(self.FETCHED.get(tag, ""))
        if address and (tag != "link" or attributes["rel"] in self.FETCHED_LINKS):
            self.addresses.add(address.partition("#")[0])


@pytest.fixture
def weigh(static_root):
    """The size of a static file by its address, compressed as WhiteNoise sends it."""

    def weigh(address: str) -> int:
        file = static_root / address.removeprefix("/static/")
        compressed = file.with_name(file.name + ".gz")
        return (compressed if compressed.exists() else file).stat().st_size

    return weigh


@pytest.fixture
def style_sheet(client, static_root) -> tuple[str, str]:
    """The address and the text of the style sheet that pages name."""
    html = client.get("/").content.decode()
    (address,) = (found for found in Resources(html).addresses if found.endswith(".css"))
    return address, (static_root / address.removeprefix("/static/")).read_text()


def html_bytes(client, address: str) -> int:
    response = client.get(address, headers={"accept-encoding": "gzip"})
    assert response["Content-Encoding"] == "gzip"
    return len(response.content)


@every_page
def test_html_is_at_most_20_kb(client, address):
    assert html_bytes(client, address) <= 20_000


@every_page
def test_a_first_view_is_at_most_120_kb_in_10_requests(client, weigh, style_sheet, address):
    resources = Resources(client.get(address).content.decode()).addresses
    sheet, text = style_sheet
    resources |= {urljoin(sheet, found) for found in re.findall(r"url\(['\"]?([^'\")]+)", text)}
    assert len(resources) + 1 <= 10
    assert html_bytes(client, address) + sum(weigh(resource) for resource in resources) <= 120_000


def test_the_style_sheet_is_one_file_of_at_most_15_kb(weigh, style_sheet):
    address, text = style_sheet
    assert "@import" not in text
    assert weigh(address) <= 15_000


def test_all_scripts_together_are_at_most_10_kb(weigh, static_root):
    scripts = [f"/static/js/{path.name}" for path in (static_root / "js").glob("*.*.js")]  # as pages name them
    assert len(scripts) == len(list((settings.BASE_DIR / "static" / "js").glob("*.js")))
    assert sum(weigh(script) for script in scripts) <= 10_000
