"""The manuals: ``docs/handleiding/*.md`` for the team, shown inside the admin, and ``docs/handleiding-partners/*.md``, shown
in the partner portal (``mkbroute.views.manual``)."""

import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.http import Http404, HttpRequest
from django.urls import path, reverse
from django.utils.safestring import SafeString
from django.views.generic import TemplateView
from markdown_it import MarkdownIt
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

START = "index"


class Manual(NamedTuple):
    """A folder with chapters, and the name of the address of its table of contents; that of a chapter is ``…_chapter``."""

    folder: Path
    address: str

    def url(self, name: str = START) -> str:
        """Where a chapter is read."""
        return reverse(self.address) if name == START else reverse(f"{self.address}_chapter", args=[name])

    def names(self) -> list[str]:
        """All chapters, without the table of contents."""
        return sorted(file.stem for file in self.folder.glob("*.md") if file.stem != START)


FOR_TEAM = Manual(Path(settings.BASE_DIR) / "docs" / "handleiding", "manual")
FOR_PARTNERS = Manual(Path(settings.BASE_DIR) / "docs" / "handleiding-partners", "partner_manual")


@cache
def chapter(manual: Manual, name: str) -> tuple[str, str]:
    """Title and HTML of one file of a manual. The files are ours, so their HTML is trusted.

    Raises FileNotFoundError when there is no such file.
    """
    text = (manual.folder / f"{name}.md").read_text()
    first_line, _, rest = text.partition("\n")
    # Files link to each other by file name, so that they also work where the repository is read.
    rest = re.sub(r"\]\(([\w-]+)\.md\)", lambda link: f"]({manual.url(link[1])})", rest)
    return first_line.removeprefix("# "), SafeString(MarkdownIt("commonmark").enable("table").render(rest))


class ManualView(WagtailAdminTemplateMixin, TemplateView):
    """A chapter of the manual of the team; without a name the table of contents."""

    template_name = "mkbroute/manual.html"
    header_icon = "help"

    def setup(self, request: HttpRequest, name: str = START) -> None:
        super().setup(request)
        self.name = name
        try:
            self.page_title, self.text = chapter(FOR_TEAM, name)
        except FileNotFoundError:
            raise Http404 from None

    def get_breadcrumbs_items(self) -> list[dict]:
        start = {"url": FOR_TEAM.url(), "label": "Handleiding"}
        here = {"url": "", "label": self.page_title}
        return [*self.breadcrumbs_items, *([] if self.name == START else [start]), here]

    def get_context_data(self, **kwargs) -> dict:
        return super().get_context_data(text=self.text, **kwargs)


# Wagtail puts these below /admin/ and lets in only who may enter the admin.
admin_urls = [
    path("handleiding/", ManualView.as_view(), name="manual"),
    path("handleiding/<slug:name>/", ManualView.as_view(), name="manual_chapter"),
]
