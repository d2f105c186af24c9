"""The public pages of have-your-say: the form, the thanks, the log, one comment."""

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from wagtail.models import Site

from feedback import about, exports, feeds, moderation, pages, references, submission, themes
from feedback.forms import FAMILY, YOUNG, Way
from feedback.journey import CHECK, Journey
from feedback.log import FACETS, LogQuery, read_log
from feedback.models import Comment
from localoffer.authority import authority_of
from localoffer.open_data import open_to_all
from localoffer.page_cache import ASK_EACH_TIME, shared

LOG_READS = ("sort", "page", *(facet.key for facet in FACETS))
STALE = "You have had this open for more than a day. Nothing is lost. Please send it again."
TRAPPED = "Empty the box called “Leave this empty”, then send it again. It is there to stop robots."
FLOODED = (
    "We have had very many comments from where you are. Nothing is lost. Please try again in an hour, "
    "copy what you wrote, or ring us."
)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def comment(request: HttpRequest) -> HttpResponse:
    """The form: a GET starts it, every POST is one press of a button."""
    return _form(request, FAMILY)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def young(request: HttpRequest) -> HttpResponse:
    """The short form in young people's words."""
    return _form(request, YOUNG)


def _form(request: HttpRequest, way: Way) -> HttpResponse:
    authority = authority_of(request)
    if request.method != "POST":
        return _page(request, authority, Journey.start(request.GET, way))
    journey = Journey.read(request.POST, way)
    go = request.POST.get("go", "next")
    if go == "send":
        return _send(request, authority, journey)
    return _page(request, authority, journey.move(go))


def _send(request: HttpRequest, authority: Site, journey: Journey) -> HttpResponse:
    wrong = journey.first_wrong()
    if wrong:
        return _page(request, authority, wrong)
    token = submission.read_token(journey.values["token"])
    if not token.is_fresh:
        return _page(request, authority, journey.renewed(), problem=STALE)
    if journey.trap:
        return _page(request, authority, journey.at_check(), problem=TRAPPED)
    answers = journey.answers()
    key = submission.key_of(token, authority.pk, {**answers, "about": journey.values["about"]})
    try:
        kept = Comment.objects.filter(submission_key=key).first()
        if kept is None and submission.is_flood(request):
            return _page(request, authority, journey.at_check(), problem=FLOODED, status=429)
        kept = kept or moderation.receive(
            authority=authority,
            about=about.find(journey.values["about"], authority),
            submission_key=key,
            hasty=token.is_hasty,
            **answers,
        )
    except DatabaseError:
        return render(request, "feedback/not_sent.html", {"text": answers["text"]}, status=503)
    return HttpResponseRedirect(reverse("feedback:sent", args=[submission.seal(kept.reference)]))


def _page(
    request: HttpRequest, authority: Site, journey: Journey, *, problem: str = "", status: int = 200
) -> HttpResponse:
    context = pages.of_form(journey, authority, problem)
    template = "feedback/check.html" if journey.page == CHECK else "feedback/question.html"
    return render(request, template, context, status=status)


@never_cache
@require_safe
def sent(request: HttpRequest, seal: str) -> HttpResponse:
    """Thanks, with the number to follow the comment by."""
    reference = submission.unseal(seal)
    found = Comment.objects.of(authority_of(request)).filter(reference=reference).first()
    if found is None:
        return render(request, "feedback/no_such_comment.html", {"asked": ""}, status=404)
    return render(request, "feedback/sent.html", {"comment": found})


@never_cache
@require_safe
def follow(request: HttpRequest) -> HttpResponse:
    """Take a number that somebody typed to its page."""
    asked = request.GET.get("reference", "")
    reference = references.parse(asked)
    if reference:
        return redirect("feedback:log_entry", reference=reference)
    status = 200 if not asked.strip() else 404
    return render(request, "feedback/no_such_comment.html", {"asked": asked[:60]}, status=status)


@shared(ASK_EACH_TIME, reads=LOG_READS, own=("q",))
@require_safe
def log(request: HttpRequest) -> HttpResponse:
    """Every published comment with our answer, action and status."""
    query = LogQuery.parse(request.GET)
    return render(request, "feedback/log.html", {"log": read_log(authority_of(request), query)})


@open_to_all
@shared(ASK_EACH_TIME, reads=LOG_READS, own=("q",))
@require_safe
def log_csv(request: HttpRequest) -> HttpResponse:
    """The entries of the log that fit the filters, for a spreadsheet."""
    return exports.as_csv(authority_of(request), LogQuery.parse(request.GET))


@open_to_all
@shared(ASK_EACH_TIME, reads=LOG_READS, own=("q",))
@require_safe
def log_json(request: HttpRequest) -> JsonResponse:
    """The same for programs, with counts that add up."""
    data = exports.as_data(authority_of(request), LogQuery.parse(request.GET), request.build_absolute_uri)
    return JsonResponse(data, json_dumps_params={"ensure_ascii": False, "indent": 1})


@open_to_all
@shared(ASK_EACH_TIME, reads=LOG_READS, own=("q",))
@require_safe
def log_feed(request: HttpRequest) -> HttpResponse:
    """The latest changes, for a feed reader."""
    feed = feeds.of_log(authority_of(request), LogQuery.parse(request.GET), request.build_absolute_uri)
    return HttpResponse(feed, content_type="application/atom+xml; charset=utf-8")


@shared(ASK_EACH_TIME)
@require_safe
def said_and_did(request: HttpRequest) -> HttpResponse:
    """You said, we did: each theme with our answer, by part of the offer."""
    return render(request, "feedback/said_and_did.html", {"groups": themes.read(authority_of(request))})


@shared(ASK_EACH_TIME)
@require_safe
def log_entry(request: HttpRequest, reference: str) -> HttpResponse:
    """One comment by its number: its place in the log, or how far it is."""
    canonical = references.parse(reference)
    if canonical and canonical != reference:
        return redirect("feedback:log_entry", reference=canonical, permanent=True)
    found = (
        Comment.objects.of(authority_of(request))
        .filter(reference=canonical)
        .with_action()
        .select_related("together_with__action")
        .defer("original", "together_with__original")
        .first()
    )
    if found is None:
        return render(request, "feedback/no_such_comment.html", {"asked": reference[:60]}, status=404)
    response = render(request, "feedback/entry.html", pages.of_comment(found))
    if not found.is_entry:
        add_never_cache_headers(response)
    return response
