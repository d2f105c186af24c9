"""What the pages of a provider's check show, as plain values, and where a press of a button leads."""

from dataclasses import dataclass
from typing import Any

from django.core import signing
from django.http import QueryDict

from localoffer import fields
from services import changes
from services.correspondents import is_trusted, provider_address
from services.enums import SuggestionKind, SuggestionState
from services.importers.base import Facts
from services.models import ReviewLink, ReviewSettings, Service, Suggestion
from services.review_forms import ReviewForm
from services.review_links import Standing
from services.wording import NOT_STATED

SEEN_SALT = "services.review.seen"
_GETTING_IT = ("how_to_access", "who_decides", "waiting_time", "waiting_weeks", "complaints")
# What the form does not carry along: it is written anew on every page.
NOT_CARRIED = ("csrfmiddlewaretoken", "go", "seen")


@dataclass(frozen=True, slots=True)
class Group:
    """Boxes under one heading; `hint` says what it is about."""

    title: str
    views: tuple[fields.FieldView, ...]
    hint: str = ""


def seal(link: ReviewLink, facts: Facts) -> str:
    """The facts that a form starts from, carried in it: so that a later edit here is noticed."""
    return signing.dumps({"key": link.key, "facts": facts}, salt=SEEN_SALT, compress=True)


def unseal(link: ReviewLink, text: str) -> Facts:
    """The facts a form started from; those of now for anything that we did not make for this link."""
    try:
        held = signing.loads(text, salt=SEEN_SALT)
    except signing.BadSignature:
        held = None
    if isinstance(held, dict) and held.get("key") == link.key:
        return dict(held["facts"])
    return changes.read(link.service)


def of_start(link: ReviewLink) -> dict[str, Any]:
    """The entry as it is, and the two ways on."""
    facts = changes.read(link.service)
    rows = [(changes.LABELS[n], "\n".join(changes.words(n, facts[n])) or NOT_STATED) for n in changes.LABELS]
    return {"service": link.service, "rows": rows, "places": _places(link.service), "until": link.expires_at}


def _places(service: Service) -> list[str]:
    rows = service.service_locations.select_related("location")
    return [", ".join(row.location.address_lines) for row in rows if row.location.address_lines]


def of_form(link: ReviewLink, form: ReviewForm) -> dict[str, Any]:
    """The form, by groups, with what is wrong."""
    found = fields.errors(form) if form.is_bound else []
    return {
        "service": link.service,
        "groups": _groups(form),
        "seen": seal(link, form.seen),
        "errors": found,
        "heading": "Please fix one thing" if len(found) == 1 else f"Please fix {len(found)} things",
    }


def _groups(form: ReviewForm) -> list[Group]:
    def views(*names: str) -> tuple[fields.FieldView, ...]:
        return tuple(fields.view(form[name]) for name in names)

    def rows(kind: str) -> tuple[fields.FieldView, ...]:
        return views(*(name for name in form.fields if name.startswith(f"{kind}-")))

    many = "There are too many to show here. Tell us at the end what should change."
    emptied = "To take one away, empty its boxes."

    def row_group(title: str, kind: str) -> Group:
        return Group(title, rows(kind), emptied if form.offers(kind) else many)

    return [
        Group("What it is", views("name", "summary", "description", "url")),
        Group("Who it is for", views("min_age", "max_age", "eligibility")),
        Group(
            "How to get it",
            views("how_to_access", "who_decides", "waiting_time", "waiting_weeks", "complaints"),
        ),
        row_group("Phone and email", "contacts"),
        row_group("Cost", "costs"),
        row_group("Days and times", "schedules"),
        Group("Anything else", views("note")),
    ]


def of_check(link: ReviewLink, form: ReviewForm, data: QueryDict) -> dict[str, Any]:
    """What will be sent: each change with what stood there before."""
    proposed = form.proposed()
    nothing = ("Nothing",)
    return {
        "service": link.service,
        "rows": [
            {
                "label": changes.LABELS[name],
                "before": changes.words(name, form.seen[name]) or nothing,
                "after": changes.words(name, proposed[name]) or nothing,
            }
            for name in proposed
        ],
        "note": form.cleaned_data["note"],
        "seen": seal(link, form.seen),
        "carried": carried(data),
        "trusted": is_trusted(link.service),
    }


def carried(data: QueryDict) -> list[tuple[str, str]]:
    """Everything typed, for hidden boxes."""
    return [(name, value) for name, values in data.lists() if name not in NOT_CARRIED for value in values]


USED = {
    SuggestionState.WAITING: "You sent us changes. A person looks at them, then they go on the site.",
    SuggestionState.ACCEPTED: "You sent us changes. They are on the site now.",
    SuggestionState.PARTLY: "You sent us changes. We made some of them.",
    SuggestionState.DECLINED: "You sent us changes. We looked at them and did not make them.",
}
CLOSED = {
    SuggestionState.WAITING: "You told us that it no longer runs. A person looks at this next.",
    SuggestionState.ACCEPTED: "You told us that it no longer runs. It is off the site now.",
}
STILL_RIGHT = "You told us that it is still right. Families can see that you checked it."


def of_end(link: ReviewLink | None, standing: Standing, problem: str = "") -> dict[str, Any]:
    """A link that is over: what happened, and the way to a new one. `link` is None when it is no link."""
    context: dict[str, Any] = {"standing": standing, "problem": problem, "link": link}
    if link is None:
        return context
    suggestion = Suggestion.objects.filter(link=link).first()
    return {
        **context,
        "service": link.service,
        "words": _what_happened(suggestion) if link.used_at else "",
        "has_address": bool(provider_address(link.service, ReviewSettings.for_site(link.service.authority))),
        "public_url": link.service.get_absolute_url() if link.service.live else "",
    }


def _what_happened(suggestion: Suggestion | None) -> str:
    if suggestion is None:
        return STILL_RIGHT
    words = CLOSED if suggestion.kind == SuggestionKind.CLOSED else USED
    return words.get(suggestion.state, USED[SuggestionState.DECLINED])
