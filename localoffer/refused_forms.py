"""A form of the admin that no page of ours would send is refused in words: it is not our mistake.

Django reads the numbers of the rows inside a form before it looks whether they are right, so a number
that is none, or a row that is not there, ends as an error. What breaks a rule of the database comes too
late for the form to say so: somebody else has just saved the same thing.
"""

import traceback
from collections.abc import Callable

from django.core.exceptions import ValidationError
from django.db import DataError, IntegrityError
from django.http import HttpRequest, HttpResponse
from django.template import loader
from django.urls import NoReverseMatch
from django.utils.cache import add_never_cache_headers
from django.utils.datastructures import MultiValueDictKeyError

from localoffer.views import typed

ADMIN = "/admin/"
# What turns what the editor of rich text sends into HTML.
RICH_TEXT = ("wagtail.admin.rich_text.converters.contentstate", "draftjs_exporter.html")
UNREADABLE = (MultiValueDictKeyError, ValidationError, DataError, OverflowError)


class RefusesForgedForms:
    """Middleware: 400 for a form that cannot be read, 409 for one that came after another's."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if request.method != "POST" or not request.path_info.startswith(ADMIN):
            return None
        clashes = isinstance(error, IntegrityError)
        if not (clashes or isinstance(error, UNREADABLE) or _is_forged(request, error)):
            return None
        words = {"clashes": clashes, "typed": typed(request)}
        page = loader.render_to_string("refused_form.html", words)
        response = HttpResponse(page, status=409 if clashes else 400)
        add_never_cache_headers(response)
        return response


def _is_forged(request: HttpRequest, error: Exception) -> bool:
    """A key that is no number, an address to go on to that is none, or rich text that no editor wrote."""
    if isinstance(error, NoReverseMatch):
        after = request.POST.get("next", "/")
        return not after.startswith("/") and after in str(error)
    if isinstance(error, ValueError) and "expected a number but got" in str(error):
        return True
    steps = traceback.walk_tb(error.__traceback__)
    return any(step.f_globals.get("__name__") in RICH_TEXT for step, _ in steps)
