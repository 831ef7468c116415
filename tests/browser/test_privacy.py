"""A visitor is not followed: not by others, not by us."""

from urllib.parse import urljoin

import pytest

from .pages import PAGES

every_page = pytest.mark.parametrize("address", PAGES.values(), ids=PAGES.keys())


@every_page
def test_a_page_asks_nobody_else_leaves_nothing_behind_and_has_no_complaints(visit, server, address):
    page = visit("/robots.txt")
    asked, complaints = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("requestfailed", lambda request: complaints.append(request.url))
    page.on("console", lambda message: complaints.append(message.text))
    response = page.goto(address, wait_until="networkidle")
    if address == PAGES["not found"]:
        assert response.status == 404
        assert complaints.pop(0).startswith("Failed to load resource")
    else:
        assert response.status == 200
    assert complaints == []
    assert asked[0] == urljoin(server, address)
    assert [url for url in asked if not url.startswith(f"{server}/")] == []
    # The form to sign in is the one that Django protects with a cookie of its own; it says nothing about the visitor.
    expected = ["csrftoken"] if address == PAGES["sign in"] else []
    assert [cookie["name"] for cookie in page.context.cookies()] == expected
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0
