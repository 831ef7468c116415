"""Editing as a browser does: the form of a page of the admin, read from its HTML and sent back."""

from collections.abc import Callable
from io import BytesIO

import pytest
from bs4 import BeautifulSoup
from django.core.files.images import ImageFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from mkbroute.core.models import Picture

STREAMS = ("body",)  # drawn by JavaScript, so their fields are not in the HTML


@pytest.fixture(autouse=True)
def _no_second_factor(settings):
    settings.STAFF_NEEDS_SECOND_FACTOR = False


@pytest.fixture
def team(moderator, as_user) -> Client:
    return as_user(moderator)


@pytest.fixture
def desk(editor, as_user) -> Client:
    """The browser of an editor."""
    return as_user(editor)


@pytest.fixture
def read_form() -> Callable[[Client, str], dict]:
    """``read_form(client, url)`` is what the edit form there would send if nothing were changed."""

    def read(client: Client, url: str) -> dict:
        response = client.get(url)
        assert response.status_code == 200
        form = BeautifulSoup(response.content, "html.parser").select_one("#w-editor-form, #page-edit-form")
        data = {f"{stream}-count": "0" for stream in STREAMS}
        for field in form.select("input[name], textarea[name], select[name]"):
            if "__prefix__" in field["name"] or field.get("type") in {"checkbox", "radio", "submit", "button"}:
                if field.get("type") in {"checkbox", "radio"} and field.has_attr("checked"):
                    data.setdefault(field["name"], []).append(field.get("value", "on"))
                continue
            if field.name == "select":
                chosen = field.select_one("option[selected]") or field.select_one("option")
                data[field["name"]] = chosen["value"] if chosen else ""
            else:
                data[field["name"]] = field.get("value", "") if field.name == "input" else field.text.strip()
        return data

    return read


@pytest.fixture
def picture(db):
    content = BytesIO()
    Image.new("RGB", (20, 20)).save(content, "PNG")
    return Picture.objects.create(title="Werkplek", file=ImageFile(content, name="werkplek.png"))


def edit_url(instance) -> str:
    return reverse(type(instance).snippet_viewset.get_url_name("edit"), args=[instance.pk])


def messages(response) -> list[str]:
    """The messages on a page of the admin, as words."""
    page = BeautifulSoup(response.content, "html.parser")
    for icon in page.select("svg, button"):
        icon.decompose()
    return [" ".join(item.text.split()) for item in page.select(".messages > ul > li")]
