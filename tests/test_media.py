"""Pictures are served in production too; nothing else of what was uploaded is."""

import pytest
from django.conf import settings


@pytest.fixture
def uploads():
    """A picture and a document where uploads are kept, taken away afterwards."""
    files = [settings.MEDIA_ROOT / name for name in ("images/test-media.png", "documents/test-media.pdf")]
    for file in files:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(b"x")
    yield
    for file in files:
        file.unlink()


@pytest.mark.django_db
def test_picture_when_asked_for_then_served(client, uploads):
    response = client.get("/media/images/test-media.png")
    assert b"".join(response.streaming_content) == b"x"


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
