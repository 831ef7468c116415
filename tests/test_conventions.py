"""What holds for everything we make: models, their words, and the names in the tests."""

import re
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models
from wagtail.models import Page

from tests import factories

ROOT = Path(__file__).resolve().parent.parent
OURS = ("mkbroute", "core", "accounts", "network", "pilots", "research")
MODELS = [model for model in apps.get_models() if model._meta.app_label in OURS]
WITHOUT_FACTORY = {
    "Picture",
    "Rendition",
    "LoadedItem",
    "PreviewLink",
}  # made from a file, or by the code under test


@pytest.mark.parametrize("model", MODELS)
def test_a_model_reads_as_words(model):
    assert model.__str__ is not models.Model.__str__


@pytest.mark.parametrize("model", MODELS)
def test_a_model_has_an_order(model):
    assert model._meta.ordering != [] or issubclass(model, Page)  # pages have their place in the tree


@pytest.mark.parametrize("model", MODELS)
def test_a_model_has_a_dutch_name_of_its_own(model):
    default = re.sub(r"(?<!^)(?=[A-Z])", " ", model.__name__).lower()
    assert model._meta.verbose_name != default or default in {
        "sector",
        "pilot",
    }  # the same word in both languages


@pytest.mark.parametrize("model", MODELS)
def test_a_field_has_a_dutch_name(model):
    unnamed = [
        field.name
        for field in model._meta.local_fields
        if field.editable and field.verbose_name == field.name.replace("_", " ") and field.name not in SAME_IN_DUTCH
    ]  # fmt: skip
    assert unnamed == []


SAME_IN_DUTCH = {
    "id", "sector", "status", "website", "code", "pilot", "organisation", "person", "image", "token", "object_id", "key",
    "fingerprint", "content_type", "state", "password", "tags", "file", "filter_spec", "title", "width", "height", "page_ptr",
    "practice", "policy_file",  # rows do not show their page
    "focal_point_x", "focal_point_y", "focal_point_width", "focal_point_height",  # set by clicking in the picture
}  # fmt: skip


@pytest.mark.parametrize("model", [model for model in MODELS if model.__name__ not in WITHOUT_FACTORY])
def test_a_model_has_a_factory_that_makes_a_valid_one(model, db):
    made = getattr(factories, f"{model.__name__}Factory")()
    made.full_clean()
    assert type(made).objects.get(pk=made.pk) == made


def test_no_file_has_a_name_that_says_nothing():
    nothing = {"utils.py", "helpers.py", "common.py", "misc.py", "services.py", "signals.py"}
    ours = [
        path for app in ("mkbroute", "network", "pilots", "research", "tests") for path in (ROOT / app).rglob("*.py")
    ]
    assert [str(path) for path in ours if path.name in nothing] == []


def test_templates_of_the_public_site_have_no_style_or_script_of_their_own():
    offenders = [
        str(path.relative_to(ROOT))
        for path in (ROOT / "templates").rglob("*.html")
        if not {"wagtailadmin", "admin", "emails"} & set(path.parts)  # mail programs read no style sheet
        and re.search(
            r"""\sstyle=|\son\w+=["']|<style|<script(?![^>]*(src=|application/(ld\+)?json))""",
            path.read_text(),
        )
    ]
    assert offenders == []
