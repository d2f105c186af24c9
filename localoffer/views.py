"""Views of the project itself: colours, a stale form, and how complete the offer is."""

import mimetypes
import sys

from django.conf import settings
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.template import loader
from django.utils.cache import add_never_cache_headers
from django.views.decorators.http import require_safe
from django.views.static import serve

from localoffer import library
from localoffer.authority import authority_of
from localoffer.coverage import Audit, audit
from localoffer.coverage_tables import as_data, as_sections, figures
from localoffer.frame import Frame
from localoffer.models import AlternativeFormatsPage
from localoffer.open_data import open_to_all
from localoffer.page_cache import A_MINUTE, A_MINUTE_AND_WHILE_ASKING, shared
from localoffer.routing import gives_way, parameters_of_page_or_list
from localoffer.theme import digest, stylesheet
from localoffer.twins import by_kind
from localoffer.whats_changed import latest

mimetypes.add_type("image/webp", ".webp")  # Python knows it by itself from 3.13 on
A_YEAR = 31_536_000
# Fields of forms that carry no words of anybody's.
WIRING = {"csrfmiddlewaretoken", "step", "go", "next"}


def theme(request: HttpRequest, asked: str) -> HttpResponse:
    """The colours of this request's authority, to be kept for a year under an address of their own.

    The address of older colours answers with today's, not to be kept.
    """
    council = Frame(request).council
    keep = f"public, max-age={A_YEAR}, immutable" if asked == digest(council) else "no-cache"
    return HttpResponse(
        stylesheet(council), content_type="text/css; charset=utf-8", headers={"Cache-Control": keep}
    )


@shared(A_MINUTE, is_kept=False)
def picture(request: HttpRequest, path: str) -> HttpResponseBase:
    """A picture of the library for whoever may see it; a name that no disk could hold is not found like
    any other.

    Caches ask again after a minute, so that a picture which was taken down is not seen for a day; where
    it still stands they are told so in no more than a line.
    """
    may_see, is_for_all = library.may_see(request, path)
    if not may_see:
        raise Http404(library.NOT_THERE)
    try:
        response = serve(request, path, document_root=settings.MEDIA_ROOT / "images")
        if not is_for_all:
            add_never_cache_headers(response)
        return response
    except OSError as error:
        raise Http404(library.NOT_THERE) from error


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form whose safety token is stale or forged: say so, and give back what was typed.

    Never a password: the admin's forms come here too.
    """
    return render(request, "csrf_failure.html", {"typed": typed(request)}, status=403)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """What cannot be read. Django's own answer looks for the token in the form, which is what cannot be read
    where it comes in another encoding: so it broke."""
    response = HttpResponse(loader.render_to_string("400.html"), status=400)
    add_never_cache_headers(response)
    return response


def typed(request: HttpRequest) -> list[tuple[str, str]]:
    """What a form held, (question, words), to be shown back: never a password or a token."""
    return [
        (name.replace("_", " ").replace("-", " ").capitalize(), "\n".join(values))
        for name, values in request.POST.lists()
        if not any(word in name.lower() for word in ("password", "token", "key"))
        and name not in WIRING
        and any(values)
    ]


def server_error(request: HttpRequest) -> HttpResponse:
    """Something broke. Say so without a database, and give back what was typed.

    Where the database or a disk is what failed, it is 503: come back soon.
    """
    broken = isinstance(sys.exc_info()[1], DatabaseError | OSError)
    try:
        words = typed(request) if request.method == "POST" else []
    except Exception:  # a body that cannot be read is why it broke
        words = []
    status = 503 if broken else 500
    page = loader.render_to_string("500.html", {"typed": words, "unavailable": broken})
    response = HttpResponse(page, status=status)
    add_never_cache_headers(response)
    if broken:
        response["Retry-After"] = "300"
    return response


def _audit(request: HttpRequest) -> Audit:
    return audit(authority_of(request))


@shared(A_MINUTE_AND_WHILE_ASKING)
@require_safe
def coverage(request: HttpRequest) -> HttpResponse:
    """What the law asks, where it is answered and when that was last checked."""
    result = _audit(request)
    context = {"audit": result, "sections": as_sections(result), "figures": figures(result)}
    return render(request, "localoffer/coverage.html", context)


@open_to_all
@shared(A_MINUTE_AND_WHILE_ASKING)
@require_safe
def coverage_json(request: HttpRequest) -> JsonResponse:
    """The same as data, open to any site."""
    return JsonResponse(as_data(_audit(request), request.build_absolute_uri))


@shared(A_MINUTE_AND_WHILE_ASKING, reads=parameters_of_page_or_list)
@require_safe
@gives_way
def whats_changed(request: HttpRequest) -> HttpResponse:
    """What is new or has changed lately."""
    return render(request, "localoffer/whats_changed.html", {"groups": latest(authority_of(request))})


@shared(A_MINUTE_AND_WHILE_ASKING, reads=parameters_of_page_or_list)
@require_safe
@gives_way
def other_ways(request: HttpRequest) -> HttpResponse:
    """Every page that is there in Easy Read, in sign language or in another language."""
    site = authority_of(request)
    formats = AlternativeFormatsPage.objects.descendant_of(site.root_page).live().public().first()
    return render(request, "localoffer/other_ways.html", {"groups": by_kind(site), "formats": formats})
