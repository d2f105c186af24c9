"""The public log as an Atom feed: an entry comes up again whenever its answer changes."""

from collections.abc import Callable
from datetime import date, datetime, time

from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from wagtail.models import Site

from feedback import entries
from feedback.log import LogQuery, changed_on, every_entry
from localoffer.models import CouncilSettings
from localoffer.sanitising import without_controls

MOST_ENTRIES = 50


def of_log(authority: Site, query: LogQuery, absolute: Callable[[str], str]) -> str:
    """The latest entries that fit the filters, as one Atom document."""
    council = CouncilSettings.for_site(authority)
    feed = Atom1Feed(
        title=f"Comments, and what we did: {council.council_name}",
        link=absolute(reverse("feedback:log")),
        feed_url=absolute(reverse("feedback:log_feed")),
        description="What people tell us about this site, our answer, and what happened next.",
        author_name=council.council_name,
        language="en-gb",
    )
    comments = every_entry(authority, query)[:MOST_ENTRIES]
    for comment, card in zip(comments, entries.cards(comments), strict=True):
        address = absolute(card.url)
        feed.add_item(
            title=_plain(f"{card.title} ({card.answer.status_text})"),
            link=address,
            unique_id=address,
            description=_plain(_words(card)),
            updateddate=_noon(changed_on(comment)),
        )
    return feed.writeString("utf-8")


def _words(card: entries.Card) -> str:
    """What was said and what we answer, as plain text."""
    answer = "\n".join(f"{p.begins} {p.text}".strip() for p in card.answer.paragraphs)
    return "\n\n".join(filter(None, [f"You said: {card.said}", card.edited, answer, card.answer.status_text]))


def _plain(text: str) -> str:
    """As text of an HTML summary, which Atom readers take it for."""
    return without_controls(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _noon(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(12)))
