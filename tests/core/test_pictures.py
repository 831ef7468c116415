from io import BytesIO
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from django.core.files.images import ImageFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image, PngImagePlugin

from mkbroute.core.models import Picture

GPS, CAMERA = 0x8825, 0x0110


def as_bytes(image: Image.Image, kind: str, **options) -> bytes:
    written = BytesIO()
    image.save(written, kind, **options)
    return written.getvalue()


def stored(content: bytes, name: str) -> Image.Image:
    """The picture as it lies in the library after it was uploaded."""
    picture = Picture.objects.create(title="Werkplek", file=ImageFile(BytesIO(content), name=name))
    image = Image.open(picture.file.path)
    image.load()
    assert (picture.width, picture.height) == image.size
    assert picture.file_size == Path(picture.file.path).stat().st_size
    return image


def photo_with_place(kind: str = "JPEG", **options) -> bytes:
    exif = Image.Exif()
    exif[CAMERA] = "Telefoon van Noor"
    exif[0x0112] = 6  # lies on its side
    exif.get_ifd(GPS)[1] = "N"
    exif.get_ifd(GPS)[2] = (52.0, 30.0, 0.0)
    return as_bytes(Image.new("RGB", (40, 20), (200, 60, 10)), kind, exif=exif, **options)


def test_a_photo_loses_place_and_device_and_stands_upright(db):
    image = stored(photo_with_place(), "foto.jpg")
    assert dict(image.getexif()) == {}
    assert image.size == (20, 40)


def test_a_photo_of_a_phone_that_holds_two_pictures_loses_its_place_too(db):
    second = Image.new("RGB", (40, 20), (0, 0, 0))
    exif = Image.open(BytesIO(photo_with_place())).getexif()
    content = as_bytes(Image.new("RGB", (40, 20)), "MPO", save_all=True, append_images=[second], exif=exif)
    assert Image.open(BytesIO(content)).format == "MPO"
    image = stored(content, "foto.jpg")
    assert (image.format, dict(image.getexif())) == ("JPEG", {})


def test_a_webp_and_an_avif_lose_their_place_too(db):
    for kind in ("WEBP", "AVIF"):
        assert dict(stored(photo_with_place(kind), f"foto.{kind.lower()}").getexif()) == {}


def test_the_text_in_a_png_is_gone(db):
    words = PngImagePlugin.PngInfo()
    words.add_text("Author", "Noor de Vries")
    image = stored(as_bytes(Image.new("RGBA", (8, 8), (1, 2, 3, 40)), "PNG", pnginfo=words), "beeld.png")
    assert image.info == {}
    assert image.getpixel((0, 0)) == (1, 2, 3, 40)


def test_a_palette_png_stays_transparent(db):
    palette = Image.new("P", (4, 4), 1)
    palette.putpalette([0, 0, 0, 250, 120, 10])
    palette.putpixel((0, 0), 0)
    image = stored(as_bytes(palette, "PNG", transparency=0), "beeld.png").convert("RGBA")
    assert image.getpixel((0, 0))[3] == 0
    assert image.getpixel((2, 2)) == (250, 120, 10, 255)


def test_an_animation_keeps_its_frames_and_pace_and_loses_its_comment(db):
    frames = [Image.new("RGB", (6, 6), colour) for colour in ("red", "green", "blue")]
    options = {"save_all": True, "append_images": frames[1:], "duration": 200, "loop": 0}
    image = stored(as_bytes(frames[0], "GIF", comment=b"gemaakt door Noor", **options), "beweging.gif")
    assert (image.n_frames, image.info["duration"], image.info.get("comment")) == (3, 200, None)
    image.seek(2)
    assert image.convert("RGB").getpixel((0, 0)) == (0, 0, 255)


def test_a_photo_for_print_keeps_its_colours(db):
    image = stored(as_bytes(Image.new("CMYK", (8, 8), (0, 255, 255, 0)), "JPEG"), "druk.jpg")
    red, green, blue = image.convert("RGB").getpixel((4, 4))
    assert red > 200
    assert max(green, blue) < 60


# --- What the library refuses ----------------------------------------------------------------------------


@pytest.fixture
def refused(moderator, as_user, settings):
    """``refused(name, content)`` uploads a file as the team and returns the errors that are shown."""
    settings.STAFF_NEEDS_SECOND_FACTOR = False

    def upload(name: str, content: bytes) -> list[str]:
        response = as_user(moderator).post(
            reverse("wagtailimages:add"),
            {"title": "Werkplek", "file": SimpleUploadedFile(name, content), "collection": "1"},
        )
        assert Picture.objects.count() == 0
        page = BeautifulSoup(response.content, "html.parser")
        return [" ".join(error.text.split()) for error in page.select(".error-message")]

    return upload


FORMATS = "AVIF, GIF, JPG, JPEG, PNG, WEBP"


def test_an_svg_is_refused_for_it_can_carry_scripts(refused):
    svg = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
    assert refused("plaat.svg", svg) == [f"Geen ondersteund afbeeldingsformaat. Ondersteunde formaten: {FORMATS}."]


def test_an_svg_that_calls_itself_a_png_is_refused(refused):
    svg = b'<svg xmlns="http://www.w3.org/2000/svg"></svg>'
    (error,) = refused("plaat.png", svg)
    assert "png" in error


def test_a_file_with_the_extension_of_another_is_refused(refused):
    (error,) = refused("foto.png", as_bytes(Image.new("RGB", (8, 8)), "JPEG"))
    assert "png" in error
    assert "jpeg" in error


def test_a_picture_that_would_fill_the_memory_is_refused(refused):
    content = as_bytes(Image.new("1", (8000, 6000)), "PNG")
    assert len(content) < 20_000
    (error,) = refused("groot.png", content)
    assert "48000000" in error


def test_a_damaged_photo_is_refused(refused):
    content = photo_with_place()
    assert refused("foto.jpg", content[: len(content) - 60]) == [
        "Dit bestand is beschadigd. Bewaar het opnieuw en probeer het nog eens."
    ]
