"""What every app above builds on: publishing, shared vocabulary, sources, images and preview links."""

from .audit import AuditEntry
from .choices import ChoicesField
from .dates import LooselyDated
from .decision import Decision
from .images import IllustratedMixin, Picture, Rendition
from .mail import Mail
from .preview_links import PreviewLink
from .publishing import Publishable, PublishableQuerySet
from .search import PromotedResult, Searchable, SearchedTerm, SearchEntry, SearchWord, Synonym, Visibility
from .sources import Source
from .standard_text import StandardText
from .vocabulary import Province, Sector, TargetGroup, Theme

__all__ = [
    "AuditEntry",
    "ChoicesField",
    "Decision",
    "IllustratedMixin",
    "LooselyDated",
    "Mail",
    "Picture",
    "PreviewLink",
    "PromotedResult",
    "Province",
    "Publishable",
    "PublishableQuerySet",
    "Rendition",
    "SearchEntry",
    "SearchWord",
    "Searchable",
    "SearchedTerm",
    "Sector",
    "Source",
    "StandardText",
    "Synonym",
    "TargetGroup",
    "Theme",
    "Visibility",
]
