"""A form of the admin that no page of ours would send is refused in words: it is not our mistake.

Django reads the numbers of the rows inside a form before it looks whether they are right, so a number
that is none, or a row that is not there, ends as an error. What breaks a rule of the database comes too
late for the form to say so: somebody else has just saved the same thing.

Only what the request itself holds is refused so: a key that it lacks, a value that it sent. Any other error
is ours, and stays one. Each refusal is logged with where it was found and no word of what was sent, so that
a form of ours that is wrong is seen all the same.
"""

import logging
import re
import traceback
from collections.abc import Callable, Iterator
from typing import Any

from django.core.exceptions import ValidationError
from django.db import DataError, IntegrityError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.template import loader
from django.urls import NoReverseMatch
from django.utils.cache import add_never_cache_headers
from django.utils.datastructures import MultiValueDictKeyError

from localoffer.apps import OURS
from localoffer.views import typed

logger = logging.getLogger(__name__)
ADMIN = "/admin/"
# What turns what the editor of rich text sends into HTML.
RICH_TEXT = ("wagtail.admin.rich_text.converters.contentstate", "draftjs_exporter.html")
# Of a key that another row has, or of a row that has gone: SQLite's names, and PostgreSQL's numbers.
CLASHES = {
    "SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_PRIMARYKEY", "SQLITE_CONSTRAINT_FOREIGNKEY",
    "23505", "23503",
}  # fmt: skip
# PostgreSQL's number for one that a column does not take.
OUT_OF_RANGE = "22003"
LARGEST_OF_SQLITE, LARGEST_OF_A_COLUMN = 2**63 - 1, 2**31 - 1
ROWS = "-TOTAL_FORMS"
NO_NUMBER = re.compile(r"expected a number but got (.+)\.$", re.DOTALL)


class RefusesForgedForms:
    """Middleware: 400 for a form that cannot be read, 409 for one that came after another's."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *view: Any) -> HttpResponse | None:
        """Django makes 2,000 rows for a number that names them: a minute's work, and 50 MB to send back."""
        if _is_of_staff(request) and _claims_more_rows(request.POST):
            return _refused(request, clashes=False)
        return None

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not _is_of_staff(request):
            return None
        clashes = _clashes(error)
        return _refused(request, clashes, error) if clashes or _is_forged(request, error) else None


def _is_of_staff(request: HttpRequest) -> bool:
    return request.method == "POST" and request.path_info.startswith(ADMIN)


def _refused(request: HttpRequest, clashes: bool, error: Exception | None = None) -> HttpResponse:
    status = 409 if clashes else 400
    logger.warning("A form was refused: %s.", status, exc_info=error)
    page = loader.render_to_string("refused_form.html", {"clashes": clashes, "typed": typed(request)})
    response = HttpResponse(page, status=status)
    add_never_cache_headers(response)
    return response


def _claims_more_rows(sent: QueryDict) -> bool:
    """Whether a form says that it has more rows than it has boxes."""
    return any(_is_more_than(len(sent), each) for name, each in sent.items() if name.endswith(ROWS))


def _clashes(error: Exception) -> bool:
    """Whether another row has the same key or the row that is meant has gone. A row that lacks what it must
    have, or breaks a rule of its own, is our mistake: the form let it through."""
    if not isinstance(error, IntegrityError):
        return False
    told = error.__cause__
    return {getattr(told, "sqlite_errorname", None), getattr(told, "sqlstate", None)} & CLASHES != set()


def _is_forged(request: HttpRequest, error: Exception) -> bool:
    """A key that is left out or is no number, a number that no column takes, an address to go on to that is
    none, or rich text that no editor wrote."""
    if isinstance(error, MultiValueDictKeyError):
        # The innermost step is the mapping itself.
        return not _is_ours(_modules(error)[-2:][0])
    if isinstance(error, NoReverseMatch):
        after = request.POST.get("next", "/")
        return not after.startswith("/") and after in str(error)
    if isinstance(error, OverflowError):
        return any(_is_more_than(LARGEST_OF_SQLITE, each) for each in _sent(request))
    if isinstance(error, DataError):
        is_large = getattr(error.__cause__, "sqlstate", None) == OUT_OF_RANGE
        return any(
            "\x00" in each or (is_large and _is_more_than(LARGEST_OF_A_COLUMN, each))
            for each in _sent(request)
        )
    if isinstance(error, ValidationError):
        value = (getattr(error, "params", None) or {}).get("value")
        is_ours = _is_ours(_modules(error)[-1])
        return not is_ours and value is not None and str(value) in _sent(request)
    no_number = NO_NUMBER.search(str(error)) if isinstance(error, ValueError) else None
    if no_number:
        return any(no_number[1] == repr(each) for each in _sent(request))
    return _is_in_rich_text(error)


def _sent(request: HttpRequest) -> Iterator[str]:
    """Every value that came with the request: of the form, of the query, of the address."""
    for held in (request.POST, request.GET):
        for _, values in held.lists():
            yield from (str(each) for each in values)
    match = request.resolver_match
    yield from (str(each) for each in (*match.args, *match.kwargs.values())) if match else ()


def _is_more_than(largest: int, value: str) -> bool:
    digits = value.strip().removeprefix("-")
    if not (digits.isascii() and digits.isdecimal()):
        return False
    return len(digits) > len(str(largest)) or int(digits) > largest


def _modules(error: Exception) -> list[str]:
    """Where it went through, the innermost last. Never empty: it was raised somewhere."""
    steps = traceback.walk_tb(error.__traceback__)
    return [str(step.f_globals.get("__name__", "")) for step, _ in steps] or [""]


def _is_ours(module: str) -> bool:
    return module.partition(".")[0] in OURS


def _is_in_rich_text(error: Exception) -> bool:
    """Whether Wagtail could not read what an editor is said to have written; not, whether what we add to
    its editor is broken."""
    modules = _modules(error)
    within = [at for at, module in enumerate(modules) if module in RICH_TEXT]
    return bool(within) and not any(map(_is_ours, modules[within[0] :]))
