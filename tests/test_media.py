"""Nothing of what was uploaded is served but pictures; which of those is in localoffer/test_library.py."""

import pytest
from django.http import HttpResponseNotFound

from localoffer.static_files import WholeFiles


@pytest.fixture
def uploads(settings, tmp_path):
    """A picture and a document where uploads are kept."""
    settings.MEDIA_ROOT = tmp_path
    files = [settings.MEDIA_ROOT / name for name in ("images/test-media.png", "documents/test-media.pdf")]
    for file in files:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(b"x")


@pytest.mark.django_db
def test_file_beside_the_pictures_when_the_library_does_not_know_it_then_refused(client, uploads):
    assert client.get("/media/images/test-media.png").status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize(
    "address",
    [
        "/media/documents/test-media.pdf",
        "/media/images/../documents/test-media.pdf",
        "/media/images/%2e%2e/documents/test-media.pdf",
        "/media/images/..%2fdocuments%2ftest-media.pdf",
        "/media/images/",
        "/media/",
    ],
)
def test_anything_else_when_asked_for_then_refused(client, uploads, address):
    assert client.get(address).status_code in (400, 404)


@pytest.mark.parametrize("asked", ["bytes=0-0", "bytes=-1", "bytes=--1", "bytes=9-", "bytes=0-,0-,0-"])
def test_static_file_when_a_part_of_it_is_asked_for_then_all_of_it_is_sent(rf, settings, tmp_path, asked):
    """What read the ranges refused a first byte, and sent other bytes than were asked for."""
    settings.STATIC_ROOT = tmp_path
    (tmp_path / "a.css").write_bytes(b"body{}")
    serve = WholeFiles(lambda request: HttpResponseNotFound())
    response = serve(rf.get("/static/a.css", headers={"range": asked}))
    assert (response.status_code, b"".join(response)) == (200, b"body{}")
