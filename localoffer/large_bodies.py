"""A request that is larger than anything we ask for is refused before it is read.

Django writes every file that is sent to it to the disk, before any view sees who sent it: so anybody
could fill the disk. Families send words alone; files come from staff who are signed in.
"""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template import loader

ADMIN = "/admin/"
# Bytes. An import is the largest file that staff send; the rest of its form is small beside it.
LARGEST_OF_STAFF = 110 * 1024 * 1024


class RefusesLargeBodies:
    """Middleware, after authentication and before anything reads the form: 413."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        size = _size(request)
        if size > settings.DATA_UPLOAD_MAX_MEMORY_SIZE and size > _most(request):
            page = loader.render_to_string("413.html")
            return HttpResponse(page, status=413, headers={"Cache-Control": "no-store"})
        return self.get_response(request)


def _size(request: HttpRequest) -> int:
    """Bytes that the request says it has: nothing reads more, or anything where it does not say."""
    given = str(request.META.get("CONTENT_LENGTH") or "")
    return int(given[:15]) if given.isascii() and given.isdigit() else 0


def _most(request: HttpRequest) -> int:
    is_staff = request.path_info.startswith(ADMIN) and request.user.is_authenticated
    return LARGEST_OF_STAFF if is_staff else int(settings.DATA_UPLOAD_MAX_MEMORY_SIZE)
