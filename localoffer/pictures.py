"""Pictures of private collections are not to be had by their address alone.

A document is asked for by Wagtail's own view, which asks who may read it. A picture is a file, so its
address finds what it was made of, and the restrictions on the collection of that.
"""

from django.db.models import QuerySet
from django.http import HttpRequest
from wagtail.images import get_image_model
from wagtail.models import CollectionViewRestriction

FOLDER = "images/"


def is_private(path: str) -> bool:
    """Whether a picture, by its path below `images/`, is of a collection that not everybody may see."""
    return _restrictions(path).exists()


def may_see(request: HttpRequest, path: str) -> bool:
    """Whether whoever asks has met every restriction of its collection: signed in, or gave the password."""
    return all(restriction.accept_request(request) for restriction in _restrictions(path))


def _restrictions(path: str) -> QuerySet[CollectionViewRestriction]:
    if not CollectionViewRestriction.objects.exists():
        return CollectionViewRestriction.objects.none()
    renditions = get_image_model().get_rendition_model().objects
    made = (
        renditions.filter(file=f"{FOLDER}{path}"[:255].replace("\x00", ""))
        .select_related("image__collection")
        .first()
    )
    if made is None:
        return CollectionViewRestriction.objects.none()
    return made.image.collection.get_view_restrictions()
