"""Files that staff upload are what their names say, and cannot run in a browser when they are read."""

import struct
import tracemalloc
import zlib
from io import BytesIO

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from PIL import EpsImagePlugin
from PIL import Image as Drawn
from PIL.PngImagePlugin import PngInfo
from wagtail.documents.forms import get_document_form
from wagtail.documents.models import Document
from wagtail.images.forms import get_image_form
from wagtail.images.models import Image
from wagtail.models import Collection

from localoffer import uploads
from localoffer.picture_metadata import without_metadata
from localoffer.uploads import is_as_named, is_whole
from tests.factories import make_home, make_page_with, make_user

pytestmark = pytest.mark.django_db
MARKUP = b"<html><script>alert(1)</script></html>"


@pytest.mark.parametrize(
    ("name", "content", "good"),
    [
        ("a.pdf", b"%PDF-1.7 x", True),
        ("a.pdf", MARKUP, False),
        ("a.docx", b"PK\x03\x04x", True),
        ("a.docx", MARKUP, False),
        ("a.csv", b"name,phone\n", True),
        ("a.csv", b"\xef\xbb\xbf" + MARKUP, False),
        ("a.txt", b"\x7fELF\x00\x01", False),
        ("a.mp4", b"\x00\x00\x00\x18ftypmp42", True),
        ("a.mp4", MARKUP, False),
        ("a.html", MARKUP, False),
        ("a.svg", b"<svg onload='alert(1)'/>", False),
        ("a.exe", b"MZ", False),
    ],
)
def test_document_when_uploaded_then_only_what_its_name_says(name, content, good):
    form_class = get_document_form(Document)
    user = make_user("officer", is_superuser=True)
    data = {"title": "A", "collection": Collection.get_first_root_node().pk, "tags": ""}
    form = form_class(data, {"file": SimpleUploadedFile(name, content)}, user=user)
    assert form.is_valid() is good, form.errors


@pytest.mark.parametrize("name", ["a.svg", "a.html", "a.png"])
def test_picture_when_it_is_markup_then_refused(name):
    user = make_user("officer", is_superuser=True)
    data = {"title": "A", "collection": Collection.get_first_root_node().pk, "tags": ""}
    form = get_image_form(Image)(data, {"file": SimpleUploadedFile(name, MARKUP)}, user=user)
    assert not form.is_valid()


def test_picture_when_it_is_postscript_whatever_it_is_called_then_no_other_program_reads_it(monkeypatch):
    ran, drawn = [], Drawn.new("RGB", (9, 9)).im
    monkeypatch.setattr(EpsImagePlugin, "Ghostscript", lambda *given, **more: ran.append(given) or drawn)
    program = b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n%%EndComments\n"
    Drawn.open(BytesIO(program)).load()  # what Pillow does by itself
    assert ran.pop()
    form = picture_form("a.png", program)
    assert not form.is_valid()
    assert not ran


def test_document_when_served_then_nothing_in_it_can_run():
    make_home()
    paper = Document.objects.create(title="Paper", file=ContentFile(b"%PDF-1.7", name="x y.pdf"))
    try:
        assert SimpleUploadedFile("../../etc/x.pdf", b"").name == "x.pdf"  # what a form receives
        make_page_with(paper)
        answer = Client().get(paper.url)
        assert answer.status_code == 200
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert "default-src 'none'" in answer["Content-Security-Policy"]
        assert "filename" in answer["Content-Disposition"]
    finally:
        paper.file.delete(save=False)


def test_kinds_when_every_allowed_ending_is_looked_up_then_markup_never_passes(settings):
    for extension in settings.WAGTAILDOCS_EXTENSIONS:
        assert not is_as_named(extension, MARKUP), extension


# -- pictures -----------------------------------------------------------------------------------

SECRET = b"SecretPhone"


def photograph(kind: str, orientation: int = 1) -> bytes:
    """A picture as a telephone makes it: with its place, its owner and a remark."""
    picture = Drawn.effect_noise((640, 400), 80).convert("RGB")
    exif = picture.getexif()
    exif[0x010F], exif[0x0112] = SECRET.decode(), orientation
    exif[0x8825] = exif.get_ifd(0x8825) | {1: "N", 2: (51.0, 27.0, 0.0), 3: "W", 4: (2.0, 35.0, 0.0)}
    out, more = BytesIO(), {}
    if kind == "JPEG":
        more = {"comment": SECRET, "progressive": orientation > 1, "restart_marker_blocks": 4}
    if kind == "PNG":
        more = {"pnginfo": PngInfo()}
        more["pnginfo"].add_text("Author", SECRET.decode())
    if kind == "WEBP":
        more = {"xmp": b"<x>" + SECRET + b"</x>", "lossless": True}
    picture.save(out, kind, exif=exif, **more)
    return out.getvalue() + (b"film of " + SECRET if kind == "JPEG" else b"")


def picture_form(name: str, content: bytes):
    user = make_user("officer", is_superuser=True)
    data = {"title": "A picnic", "collection": Collection.get_first_root_node().pk, "tags": ""}
    return get_image_form(Image)(data, {"file": SimpleUploadedFile(name, content)}, user=user)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_photograph_when_it_comes_in_then_it_tells_no_place_and_looks_the_same(kind):
    make_home()
    before = photograph(kind)
    assert SECRET in before
    form = picture_form(f"a.{kind.lower()}", before)
    assert form.is_valid(), form.errors
    image = form.save()
    try:
        with image.file.open() as kept:
            after = kept.read()
        shown = [image.get_rendition(spec) for spec in ("width-200", "original", "width-200|format-jpeg")]
        for content in (after, *(each.file.read() for each in shown)):
            assert SECRET not in content
            assert not Drawn.open(BytesIO(content)).getexif().get_ifd(0x8825)
        assert Drawn.open(BytesIO(after)).tobytes() == Drawn.open(BytesIO(before)).tobytes()
    finally:
        for rendition in image.renditions.all():
            rendition.file.delete(save=False)
        image.file.delete(save=False)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_photograph_when_it_lies_on_its_side_then_it_still_does(orientation):
    bare = without_metadata(photograph("JPEG", orientation))
    assert Drawn.open(BytesIO(bare)).getexif().get(0x0112, 1) == orientation
    assert without_metadata(bare) == bare


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
@pytest.mark.parametrize("part", [0.4, 0.8, 0.97])
def test_picture_when_it_was_cut_off_then_refused_in_words_and_what_was_typed_stays(admin_client, kind, part):
    make_home()
    out = BytesIO()
    Drawn.effect_noise((300, 200), 90).convert("RGB").save(out, kind)
    cut = out.getvalue()[: int(len(out.getvalue()) * part)]
    sent = {"title": "Our summer picnic", "file": SimpleUploadedFile(f"a.{kind.lower()}", cut)}
    told = admin_client.post(reverse("wagtailimages:add"), sent)
    assert told.status_code == 200
    assert "This picture is not whole" in told.content.decode()
    assert "Our summer picnic" in told.content.decode()
    assert not Image.objects.exists()


@pytest.mark.parametrize("kind", ["PNG", "GIF"])
@pytest.mark.parametrize(("width", "height"), [(60_000, 50_000), (12_000, 9_000), (65_000, 1_000)])
def test_picture_when_it_is_small_in_bytes_and_huge_in_points_then_refused_unread(
    admin_client, kind, width, height
):
    """Below Pillow's own limit too: one of 108 million points took 500 MB before it was refused."""
    make_home()
    if kind == "PNG":
        head = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
        packed = zlib.compress(b"\0" * 10_000)
        chunks = (head, b"IDAT" + packed, b"IEND")
        bomb = b"\x89PNG\r\n\x1a\n" + b"".join(
            struct.pack(">I", len(c) - 4) + c + struct.pack(">I", zlib.crc32(c)) for c in chunks
        )
    else:
        out = BytesIO()
        Drawn.new("P", (1, 1)).save(out, "GIF")
        bomb = out.getvalue()[:6] + struct.pack("<HH", width, height) + out.getvalue()[10:]
    sent = {"title": "Our summer picnic", "file": SimpleUploadedFile(f"a.{kind.lower()}", bomb)}
    tracemalloc.start()
    told = admin_client.post(reverse("wagtailimages:add"), sent)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert told.status_code == 200
    assert "Our summer picnic" in told.content.decode()
    assert "points. The most we take is 50,000,000" in told.content.decode()
    assert not Image.objects.exists()
    assert most < 60_000_000


@given(st.data())
def test_picture_when_its_parts_are_garbled_then_words_or_a_picture_and_no_more(data):
    whole = GARBLED[data.draw(st.sampled_from(sorted(GARBLED)))]
    at = data.draw(st.integers(0, len(whole) - 1))
    garbled = whole[:at] + data.draw(st.binary(max_size=8)) + whole[at + data.draw(st.integers(0, 8)) :]
    if is_whole(BytesIO(garbled)):
        try:
            bare = without_metadata(garbled)
        except uploads.BROKEN:
            return
        assert len(bare) <= len(garbled) + 64


GARBLED = {kind: photograph(kind) for kind in ("JPEG", "PNG", "WEBP")}
