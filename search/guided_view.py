"""What the guided finder shows: one question, or where the answers lead."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from localoffer import front_page
from localoffer.frame import Frame
from search import guided
from search.finder import look
from search.guided import ASKED, Walk
from search.models import GuidedFinderPage
from search.summary import services


def context_of(page: GuidedFinderPage, request: HttpRequest) -> dict[str, Any]:
    """`asking` with its form, or `reached` at the end; `so_far`, and `back_url` to the question before."""
    asked = guided.questions(page.questions)
    walk = guided.walk(asked, request.GET)
    url = page.get_url(request) or request.path
    so_far = [
        (given.question.title, given.words, f"{url}?{walk.before(number)}", f"“{given.question.title}”")
        for number, given in enumerate(walk.given)
    ]
    context: dict[str, Any] = {
        "walk": walk,
        "form_url": url,
        "asked_name": ASKED,
        "so_far": so_far,
        "back_url": f"{url}?{walk.before(len(walk.given) - 1)}" if walk.given else "",
        "is_start": not request.GET,
        "all_url": reverse("search:results"),
    }
    if walk.asking:
        steps = len(walk.given) + 1
        return context | {"asking": walk.asking, "step": steps, "of": len(walk.given) + walk.left}
    return context | _end(page, walk, request)


def _end(page: GuidedFinderPage, walk: Walk, request: HttpRequest) -> dict[str, Any]:
    """The outcome, how many services it finds and where its rights are told."""
    from django.http import QueryDict

    reached = guided.outcome(page.outcomes, walk.outcome)
    if reached is None:
        return {"reached": None}
    query = guided.search_query(walk, reached)
    frame = Frame(request)
    total = look(QueryDict(query), authority=frame.authority).total
    return {
        "reached": reached,
        "search_url": f"{reverse('search:results')}?{query}",
        "found": services(total) if total else "",
        "rights": front_page.answers(page.get_parent(), reached.rights),
    }
