"""Documents are what their name says: a page of markup that is called a PDF is refused.

Wagtail checks the ending against a list and reads pictures with Pillow. Here the first bytes of a
document are compared with what its ending promises. None of the kinds can run in a browser, and
each is sent with a policy that lets nothing run.
"""

from typing import Any

from django import forms
from wagtail.documents.forms import BaseDocumentForm

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
