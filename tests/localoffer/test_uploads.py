"""Files that staff upload are what their names say, and cannot run in a browser when they are read."""

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from wagtail.documents.forms import get_document_form
from wagtail.documents.models import Document
from wagtail.images.forms import get_image_form
from wagtail.images.models import Image
from wagtail.models import Collection

from localoffer.uploads import is_as_named
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
