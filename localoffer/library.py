"""Which pictures and documents of the library families may have: those that something published holds.

An address has a number in it, and numbers can be tried. So a file is there for readers of a council
only while a page that they may read holds it: not while it waits for a draft, not once it was taken
down, and not on the site of another council. Staff of whom it is see it all the same.
"""

import re
from collections.abc import Iterable
from hashlib import blake2b
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.http import Http404, HttpRequest
from wagtail.images import get_image_model
from wagtail.models import Page, ReferenceIndex, Site
from wagtail.permissions import policy_registry

from localoffer import sharing, versions
from localoffer.belonging import below, own_pages
from localoffer.own_choices import LIBRARY_ACTIONS

FOLDER = "images/"
NOT_THERE = "There is no such file."
LENT = "shared"
_DOCUMENT = re.compile(r'="(/documents/[0-9]+/[^"?#]*)"')


def holders(file: Any) -> Any:
    """The pages, live or not, whose kept row names a picture or document.

    Of a page that is live, its row is what readers see: drafts are apart (Wagtail's reference index).
    """
    kind = ContentType.objects.get_for_model(type(file))
    named = ReferenceIndex.objects.filter(
        to_content_type=kind,
        to_object_id=str(file.pk),
        base_content_type=ContentType.objects.get_for_model(Page),
    )
    return Page.objects.filter(pk__in={int(pk) for pk in named.values_list("object_id", flat=True)})


def _published(file: Any, site: Site | None) -> Iterable[Page]:
    return holders(file).live().filter(below([site])) if site else ()


def may_have(request: HttpRequest, file: Any) -> bool:
    """Whether whoever asks may have a file of the library here."""
    pages = _published(file, Site.find_for_request(request))
    if any(all(rule.accept_request(request) for rule in page.get_view_restrictions()) for page in pages):
        return True
    return _is_lent(request, file) or _is_staff_of(request, file)


def _is_staff_of(request: HttpRequest, file: Any) -> bool:
    user = getattr(request, "user", None)
    if user is None or not user.has_perm("wagtailadmin.access_admin"):
        return False
    policy = policy_registry.get_by_type(type(file))
    usable = policy.instances_user_has_any_permission_for(user, LIBRARY_ACTIONS)
    return usable.filter(pk=file.pk).exists() or own_pages(holders(file), user).exists()


def refuse_unpublished(document: Any, request: HttpRequest) -> None:
    """For Wagtail's hook `before_serve_document`. Raises Http404."""
    if not may_have(request, document):
        raise Http404(NOT_THERE)


# -- pictures ------------------------------------------------------------------------------


def may_see(request: HttpRequest, path: str) -> tuple[bool, bool]:
    """(whether whoever asks may see a picture, by its path below `images/`; whether anybody may)."""
    site = Site.find_for_request(request)
    where = blake2b(f"{site.pk if site else 0}:{path}".encode("utf-8", "replace"), digest_size=16)
    if versions.remember(f"picture:{where.hexdigest()}", lambda: _is_for_all(path, site) or None):
        return True, True
    picture = _picture_at(path)
    if picture is None:
        return False, False
    rules = picture.collection.get_view_restrictions()
    return all(rule.accept_request(request) for rule in rules) and may_have(request, picture), False


def _picture_at(path: str) -> Any:
    renditions = get_image_model().get_rendition_model().objects.select_related("image__collection")
    made = renditions.filter(file=f"{FOLDER}{path}"[:255].replace("\x00", "")).first()
    return made and made.image


def _is_for_all(path: str, site: Site | None) -> bool:
    picture = _picture_at(path)
    if picture is None or picture.collection.get_view_restrictions().exists():
        return False
    return any(not page.get_view_restrictions().exists() for page in _published(picture, site))


# -- links for councillors -----------------------------------------------------------------


def lend(html: str, token: str) -> str:
    """A page that was opened by a link lends that link to the documents that it names."""
    return _DOCUMENT.sub(rf'="\1?{LENT}={token}"', html)


def _is_lent(request: HttpRequest, file: Any) -> bool:
    token, site = request.GET.get(LENT, ""), Site.find_for_request(request)
    if not token or site is None:
        return False
    try:
        page, _ = sharing.opened(token)
    except sharing.LinkEnded:
        return False
    return holders(file).filter(below([site]), pk=page.pk).exists()
