"""Pictures are served in production too; nothing else of what was uploaded is."""

from io import BytesIO

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from PIL import Image as Drawn
from wagtail.images.models import Image
from wagtail.models import Collection, CollectionViewRestriction

from tests.factories import make_user


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


@pytest.mark.django_db
def test_picture_when_its_collection_is_private_then_only_for_those_who_may_see_it(client):
    drawn = BytesIO()
    Drawn.new("RGB", (9, 9), "red").save(drawn, "PNG")
    private = Collection.get_first_root_node().add_child(instance=Collection(name="Private"))
    file = ContentFile(drawn.getvalue(), name="secret-plan.png")
    picture = Image.objects.create(title="Plan", file=file, width=9, height=9, collection=private)
    made = picture.get_rendition("max-5x5")
    address = f"/media/{made.file.name}"
    assert client.get(address).status_code == 200
    CollectionViewRestriction.objects.create(
        collection=private, restriction_type=CollectionViewRestriction.LOGIN
    )
    try:
        assert client.get(address).status_code == 404
        assert client.get(f"/media/{picture.file.name}").status_code == 404
        client.force_login(make_user("officer", is_superuser=True))
        seen = client.get(address)
        assert seen.status_code == 200
        assert "private" in seen["Cache-Control"]
        assert "public" not in seen["Cache-Control"]
    finally:
        made.file.delete(save=False)
        picture.file.delete(save=False)
