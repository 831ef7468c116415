"""The manual for editors: ``docs/handleiding/*.md``, shown inside the admin."""

import re
from functools import cache
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest
from django.urls import path, reverse
from django.utils.safestring import SafeString
from django.views.generic import TemplateView
from markdown_it import MarkdownIt
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

FOLDER = Path(settings.BASE_DIR) / "docs" / "handleiding"
START = "index"


@cache
def chapter(name: str) -> tuple[str, str]:
    """Title and HTML of one file of the manual. The files are ours, so their HTML is trusted.

    Raises FileNotFoundError when there is no such file.
    """
    text = (FOLDER / f"{name}.md").read_text()
    first_line, _, rest = text.partition("\n")
    # Files link to each other by file name, so that they also work where the repository is read.
    rest = re.sub(r"\]\(([\w-]+)\.md\)", lambda link: f"]({manual_url(link[1])})", rest)
    return first_line.removeprefix("# "), SafeString(MarkdownIt("commonmark").enable("table").render(rest))


def manual_url(name: str) -> str:
    return reverse("manual") if name == START else reverse("manual_chapter", args=[name])


class ManualView(WagtailAdminTemplateMixin, TemplateView):
    """A chapter of the manual; without a name the table of contents."""

    template_name = "mkbroute/manual.html"
    header_icon = "help"

    def setup(self, request: HttpRequest, name: str = START) -> None:
        super().setup(request)
        self.name = name
        try:
            self.page_title, self.text = chapter(name)
        except FileNotFoundError:
            raise Http404 from None

    def get_breadcrumbs_items(self) -> list[dict]:
        start = {"url": manual_url(START), "label": "Handleiding"}
        here = {"url": "", "label": self.page_title}
        return [*self.breadcrumbs_items, *([] if self.name == START else [start]), here]

    def get_context_data(self, **kwargs) -> dict:
        return super().get_context_data(text=self.text, **kwargs)


# Wagtail puts these below /admin/ and lets in only who may enter the admin.
admin_urls = [
    path("handleiding/", ManualView.as_view(), name="manual"),
    path("handleiding/<slug:name>/", ManualView.as_view(), name="manual_chapter"),
]
