"""The page for developers, beside the data it is about."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from localoffer.frame import Frame
from localoffer.open_data import open_to_all
from localoffer.page_cache import A_MINUTE_AND_WHILE_ASKING, shared
from services.oruk.parameters import A_PAGE, MOST_A_PAGE, PARAMETERS, SERVICES, Parameter

_LISTS = (
    ("services", "Services, and one whole service by its id"),
    ("service_at_locations", "Services at their places"),
    ("taxonomies", "Our lists of words, such as needs and kinds of help"),
    ("taxonomy_terms", "The words in those lists"),
)


def _row(parameter: Parameter) -> tuple[str, str, str]:
    """Name, what it does and an example as it is sent."""
    example = parameter.example
    written = str(example).lower() if isinstance(example, bool) else str(example or "")
    return (parameter.name, parameter.description, written)


@open_to_all
@shared(A_MINUTE_AND_WHILE_ASKING)
@require_safe
def guide(request: HttpRequest) -> HttpResponse:
    """Every address and parameter, in plain words."""
    context = {
        "crumbs": Frame(request).home_crumbs,
        "root": request.build_absolute_uri(reverse("oruk:about")),
        "lists": [(request.build_absolute_uri(reverse(f"oruk:{name}")), words) for name, words in _LISTS],
        "parameters": [_row(PARAMETERS[name]) for name in SERVICES],
        "a_page": A_PAGE,
        "most": MOST_A_PAGE,
        "feed": request.build_absolute_uri(reverse("services:changes")),
    }
    return render(request, "services/open_data.html", context)
