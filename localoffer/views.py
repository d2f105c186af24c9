"""Views of the frame itself: colours and errors."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form whose safety token is stale or forged: say so, and give back what was typed."""
    typed = [(k, v) for k, v in request.POST.items() if k != "csrfmiddlewaretoken"]
    return render(request, "csrf_failure.html", {"typed": typed}, status=403)
