from io import BytesIO

from django.core.files.base import ContentFile, File
from django.db import models
from PIL import Image as PillowImage
from PIL import ImageCms, ImageOps, ImageSequence
from wagtail.images.models import AbstractImage, AbstractRendition

LOSSY = {"JPEG", "WEBP", "AVIF"}


class Picture(AbstractImage):
    """An image of the library. What a camera wrote into the file (place, time, device) is removed when it arrives."""

    credit = models.CharField("maker", max_length=120, blank=True, help_text="Verschijnt onder de afbeelding.")

    admin_form_fields = (
        "title",
        "file",
        "credit",
        "collection",
        "description",
        "tags",
        *("focal_point_x", "focal_point_y", "focal_point_width", "focal_point_height"),
    )

    class Meta(AbstractImage.Meta):
        verbose_name = "afbeelding"
        verbose_name_plural = "afbeeldingen"
        ordering = ["-created_at"]
        permissions = [("choose_picture", "Kan een afbeelding kiezen")]

    def save(self, *args, **kwargs):
        if self.file and not self.file._committed:
            self._strip_metadata()
        super().save(*args, **kwargs)

    def _strip_metadata(self) -> None:
        """Write the picture anew with nothing but its pixels; an animation keeps its frames and its pace."""
        kind, frames, options = bare_frames(self.file)
        if kind in LOSSY:
            options["quality"] = 90
        written = BytesIO()
        frames[0].save(written, kind, **options)
        self.file = ContentFile(written.getvalue(), name=self.file.name)
        self.file_size = self.file.size
        self.width, self.height = frames[0].size


def bare_frames(file: File) -> tuple[str, list[PillowImage.Image], dict]:
    """The kind of a picture file, its frames without metadata, and how an animation is to be saved.

    Raises OSError, SyntaxError or ValueError when the file is damaged.
    """
    file.seek(0)
    with PillowImage.open(file) as picture:
        # A phone stores several pictures in one JPEG and calls it MPO; the first is the photo.
        if picture.format == "MPO":
            return "JPEG", [_bare(picture)], {}
        if not getattr(picture, "is_animated", False):
            return picture.format, [_bare(picture)], {}
        frames = [_bare(frame) for frame in ImageSequence.Iterator(picture)]
        pace = {key: picture.info[key] for key in ("duration", "loop") if key in picture.info}
        return picture.format, frames, {"save_all": True, "append_images": frames[1:], **pace}


def _bare(picture: PillowImage.Image) -> PillowImage.Image:
    """The pixels alone, turned upright, in the colours browsers assume (sRGB)."""
    upright = ImageOps.exif_transpose(picture)
    if upright.mode == "P":
        upright = upright.convert("RGBA" if "transparency" in upright.info else "RGB")
    if profile := upright.info.get("icc_profile"):
        upright = _in_srgb(upright, profile)
    return PillowImage.frombytes(upright.mode, upright.size, upright.tobytes())


def _in_srgb(picture: PillowImage.Image, profile: bytes) -> PillowImage.Image:
    mode = "RGBA" if picture.mode == "RGBA" else "RGB"
    srgb = ImageCms.createProfile("sRGB")
    try:
        return ImageCms.profileToProfile(picture, BytesIO(profile), srgb, outputMode=mode)
    except (ImageCms.PyCMSError, OSError):  # a broken profile says nothing about the colours
        return picture


class Rendition(AbstractRendition):
    image = models.ForeignKey(Picture, on_delete=models.CASCADE, related_name="renditions")

    class Meta:
        verbose_name = "uitsnede"
        verbose_name_plural = "uitsneden"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["image", "filter_spec", "focal_point_key"],
                name="rendition_once",
            ),
        ]

    def __str__(self):
        return f"{self.image} ({self.filter_spec})"


class IllustratedMixin(models.Model):
    """A page with one image of its own; whoever cannot see it gets a text, unless it only decorates."""

    image = models.ForeignKey(
        Picture,
        verbose_name="afbeelding",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    image_alt = models.CharField(
        "wat staat er op de afbeelding?",
        max_length=200,
        blank=True,
        help_text="Voor wie de afbeelding niet ziet. Beschrijf wat ertoe doet, in een zin.",
    )
    image_decorative = models.BooleanField(
        "alleen decoratief",
        default=False,
        help_text="Kies dit als de afbeelding niets toevoegt aan de tekst.",
    )

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=models.Q(image=None) | models.Q(image_decorative=True) | ~models.Q(image_alt=""),
                name="%(class)s_image_has_alt",
                violation_error_message=(
                    "Beschrijf wat er op de afbeelding staat, of geef aan dat zij alleen decoratief is."
                ),
            )
        ]
