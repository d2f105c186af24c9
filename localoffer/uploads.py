"""Documents are what their name says: a page of markup that is called a PDF is refused.

Wagtail checks the ending against a list and reads pictures with Pillow. Here the first bytes of a
document are compared with what its ending promises. None of the kinds can run in a browser, and
each is sent with a policy that lets nothing run. A picture is read to its end: one that was cut off on its
way would be taken, and fail on every page that shows it.
"""

import struct
import zlib
from typing import Any

from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from wagtail.documents.forms import BaseDocumentForm
from wagtail.images.fields import WagtailImageField
from wagtail.images.forms import BaseImageForm

from localoffer.picture_metadata import without_metadata

ZIP = (b"PK\x03\x04",)
BEGINS: dict[str, tuple[bytes, ...]] = {
    "pdf": (b"%PDF-",),
    "rtf": (b"{\\rtf",),
    "webm": (b"\x1a\x45\xdf\xa3",),
    "vtt": (b"WEBVTT", b"\xef\xbb\xbfWEBVTT"),
    **dict.fromkeys(("docx", "odt", "pptx", "xlsx", "ods"), ZIP),
}
TEXTS = ("csv", "txt")
LOOKED_AT = 1024
NOT_THAT = "This file is not what its name says. Save it again as .{}, or choose another."


def is_as_named(extension: str, start: bytes) -> bool:
    """Whether the first bytes of a file fit its ending; an ending that is not known here passes."""
    if extension == "mp4":
        return start[4:8] == b"ftyp"
    if extension in TEXTS:
        return b"\x00" not in start and not start.lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(
            (b"<!doctype", b"<html", b"<svg", b"<?xml", b"<script")
        )
    return start.startswith(BEGINS.get(extension, (b"",)))


class CheckedDocumentForm(BaseDocumentForm):
    """Wagtail's form of a document, which looks into the file too."""

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if "file" in self.changed_data and file:
            extension = str(file.name).rpartition(".")[2].lower()
            file.seek(0)
            start = file.read(LOOKED_AT)
            file.seek(0)
            if not is_as_named(extension, start):
                raise forms.ValidationError(NOT_THAT.format(extension))
        return file


NOT_WHOLE = (
    "This picture is not whole: it may have been cut off on its way. Copy it again, then choose it here."
)
TOO_MANY_POINTS = (
    "This picture has {:,} points. The most we take is {:,}. Make it smaller, then choose it again."
)
# What Pillow raises over a picture that is broken in the middle.
BROKEN = (OSError, SyntaxError, ValueError, EOFError, IndexError, TypeError, struct.error, zlib.error)
# The only readers of Pillow's that see what is sent: that of PostScript, whatever the file is called, starts
# another program on it.
FORMATS = ("GIF", "JPEG", "PNG", "WEBP")
BOMB = (Image.DecompressionBombError, Image.DecompressionBombWarning)


def points_of(file: Any) -> int:
    """How many points a picture says it has, without unpacking it; 0 where it does not say."""
    file.seek(0)
    try:
        with Image.open(file, formats=FORMATS) as picture:
            return int(picture.width * picture.height)
    except BOMB:
        return int(Image.MAX_IMAGE_PIXELS or 0) * 2
    except BROKEN:
        return 0
    finally:
        file.seek(0)


def is_whole(file: Any) -> bool:
    """Whether a picture can be read to its end. Look at its points first."""
    file.seek(0)
    try:
        with Image.open(file, formats=FORMATS) as picture:
            if picture.format == "PNG":
                picture.verify()  # each part has a checksum: nothing need be unpacked
            else:
                picture.draft("RGB", (256, 256))  # a JPEG is then read small
                picture.load()
    except BROKEN:
        return False
    finally:
        file.seek(0)
    return True


class WholePictureField(WagtailImageField):
    """Wagtail unpacks a picture before it looks at how large it is, and fails over one that was cut off."""

    def to_python(self, data: Any) -> Any:
        if data and hasattr(data, "seek"):
            points, most = points_of(data), self.max_image_pixels
            if most is not None and points > most:
                raise forms.ValidationError(TOO_MANY_POINTS.format(points, most))
            if points and not is_whole(data):
                raise forms.ValidationError(NOT_WHOLE)
        try:
            return super().to_python(data)
        except BROKEN as error:
            raise forms.ValidationError(NOT_WHOLE) from error


class CheckedImageForm(BaseImageForm):
    """Wagtail's form of a picture, which reads it to its end and takes out where and when it was taken."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "file" in self.fields:  # the form of several pictures at once has none
            self.fields["file"].__class__ = WholePictureField

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if "file" not in self.changed_data or not file:
            return file
        try:
            bare = without_metadata(file.read())
        except BROKEN as error:
            raise forms.ValidationError(NOT_WHOLE) from error
        return SimpleUploadedFile(file.name, bare, file.content_type)
