"""What every app above builds on: publishing, shared vocabulary, sources, images and preview links."""

from .dates import LooselyDated
from .images import IllustratedMixin, Picture, Rendition
from .preview_links import PreviewLink
from .publishing import Publishable, PublishableQuerySet
from .sources import Source
from .vocabulary import Province, Sector, TargetGroup, Theme

__all__ = [
    "IllustratedMixin",
    "LooselyDated",
    "Picture",
    "PreviewLink",
    "Province",
    "Publishable",
    "PublishableQuerySet",
    "Rendition",
    "Sector",
    "Source",
    "TargetGroup",
    "Theme",
]
