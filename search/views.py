"""The pages where families find help."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from localoffer import addresses
from localoffer.frame import Frame
from localoffer.page_cache import shared
from search import saved as shortlists
from search import shortlist
from search.facets import FACETS
from search.finder import find
from search.request import clean
from search.suggestions import suggest

LONGEST_TOLD = 100
# What a person looks for is counted here and is nobody else's to keep.
OWN = ("q", "postcode", "within", shortlist.CARRIED)
READ = ("age", "sort", "page", "show", *(facet.key for facet in FACETS))


@shared(reads=READ, own=OWN)
@require_safe
def results(request: HttpRequest) -> HttpResponse:
    """Every state of a search has an address, and works without JavaScript."""
    frame = Frame(request)
    page = find(request.GET, authority=frame.authority, council=frame.council)
    crumbs = [("Home", frame.home_url)]
    if not page.is_bare:
        crumbs.append(("Find services", addresses.of("search:results")))
    context = {
        "page": page,
        "crumbs": crumbs,
        "missing_url": _missing_url(request),
        "search_url": addresses.of("search:results"),
        "suggest_url": addresses.of("search:suggest"),
    }
    return render(request, "search/results.html", context)


@require_safe
def suggestions(request: HttpRequest) -> HttpResponse:
    """What somebody may be typing: a page of links, or JSON for the script that shows them at the field."""
    typed = clean(request.GET.get("q", ""))[:LONGEST_TOLD]
    frame = Frame(request)
    found = suggest(typed, authority=frame.authority)
    if request.GET.get("format") == "json":
        rows = [{"label": each.label, "url": each.url, "kind": each.kind} for each in found]
        return JsonResponse({"suggestions": rows})
    crumbs = [("Home", frame.home_url), ("Find services", addresses.of("search:results"))]
    return render(request, "search/suggestions.html", {"q": typed, "found": found, "crumbs": crumbs})


@require_safe
def saved(request: HttpRequest) -> HttpResponse:
    """A shortlist: the services whose numbers the address holds."""
    frame = Frame(request)
    page = shortlists.read_list(
        shortlist.read(request.GET.get(shortlist.LISTED, "")),
        authority=frame.authority,
        council=frame.council,
        address=request.build_absolute_uri,
    )
    crumbs = [("Home", frame.home_url), ("Find services", addresses.of("search:results"))]
    return render(request, "search/saved.html", {"page": page, "crumbs": crumbs})


def _missing_url(request: HttpRequest) -> str:
    """The comment form, told that something is missing and what was looked for; empty where this site
    has none."""
    form = addresses.of("feedback:comment")
    if not form:
        return ""
    words = clean(request.GET.get("q", ""))[:LONGEST_TOLD]
    told = {"text": f"We looked for “{words}” and found nothing that helps."} if words else {}
    return f"{form}?{urlencode({'topic': 'missing', 'about': request.path, **told})}"
