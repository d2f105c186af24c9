"""Views of the frame itself: colours and errors."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from localoffer.frame import Frame
from localoffer.theme import digest, stylesheet

A_YEAR = 31_536_000


def theme(request: HttpRequest, asked: str) -> HttpResponse:
    """The colours of this request's authority, to be kept for a year under an address of their own.

    The address of older colours answers with today's, not to be kept.
    """
    council = Frame(request).council
    keep = f"public, max-age={A_YEAR}, immutable" if asked == digest(council) else "no-cache"
    return HttpResponse(
        stylesheet(council), content_type="text/css; charset=utf-8", headers={"Cache-Control": keep}
    )


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form whose safety token is stale or forged: say so, and give back what was typed.

    Never a password: the admin's forms come here too.
    """
    typed = [
        (name.replace("_", " ").replace("-", " ").capitalize(), "\n".join(values))
        for name, values in request.POST.lists()
        if name != "csrfmiddlewaretoken" and "password" not in name.lower() and any(values)
    ]
    return render(request, "csrf_failure.html", {"typed": typed}, status=403)
