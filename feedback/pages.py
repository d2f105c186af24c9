"""What the templates of the form and of one comment show. Templates hold no logic."""

from typing import Any

from django.urls import reverse
from wagtail.models import Site

from feedback import about, entries, languages
from feedback.enums import Consent, Disposition
from feedback.forms import Step
from feedback.journey import CHECK, Journey
from feedback.models import Comment, CommentSettings
from localoffer import fields

NUMBERS = ("nothing", "one thing", "two things", "three things", "four things", "five things")


def of_form(journey: Journey, authority: Site, problem: str = "") -> dict[str, Any]:
    """The context of one page of the form, or of the check page."""
    found = about.find(journey.values["about"], authority) if journey.values["about"] else None
    context: dict[str, Any] = {
        "journey": journey,
        "way": journey.way,
        "action": reverse(journey.way.url_name),
        "ways": CommentSettings.for_site(authority),
        "languages": languages.invitations(),
        "about": found,
        "errors": [fields.FormError(problem, "website" if journey.trap else "")] if problem else [],
        "heading": "Please read this first",
    }
    if journey.page == CHECK:
        return {**context, "rows": _rows(journey), "title": "Check what you have written"}
    form = journey.shown_form()
    errors = fields.errors(form)
    one_question = len(form.fields) == 1
    is_first = journey.number == 1 and not journey.reviewing
    views = [fields.view(b, is_page=one_question and not is_first, cards=True) for b in form]
    title = "How can we reach you?" if not one_question else views[0].label
    return {
        **context,
        "step": journey.step,
        "is_first": is_first,
        "one_question": one_question,
        "views": views,
        "title": title,
        "steps": len(journey.way.steps),
        "errors": errors,
        "heading": f"Please fix {NUMBERS[min(len(errors), 5)]}",
        "warns_of_own_case": journey.page in ("topic", "text"),
    }


def _rows(journey: Journey) -> list[dict[str, Any]]:
    """What the check page lists: the step's key, label, words and what "Change" changes."""
    return [
        {"key": step.key, "label": step.label, "words": _words_of(step, journey), "changing": step.changing}
        for step in journey.way.steps
    ]


def _words_of(step: Step, journey: Journey) -> str:
    """What was answered to one question, as its choices call it."""
    values = journey.values
    if step.key == "contact":
        given = filter(None, [values["email"], values["phone"]])
        return "\n".join(given) or "Not given. We will not be able to write back to you."
    choices = getattr(step.form.base_fields[step.key], "choices", None)
    answer = values[step.key].strip()
    return (str(dict(choices).get(answer, "")) if choices else answer) or "Not answered"


# What a person reads who follows a comment that has no place of its own in the log.
STANDING = {
    Disposition.NEW: (
        "We have your comment",
        "A person will read it. When we have an answer, you will find it on this page.",
    ),
    Disposition.PROPOSED_VEXATIOUS: (
        "We are reading your comment",
        "More than one person reads it. When we have decided, you will find it on this page.",
    ),
    Disposition.WITHHELD_INDIVIDUAL: (
        "We have read your comment",
        "It is about one person’s own help, so we do not show it here. The law lets us leave those out. "
        "It is still counted. The people below can help with one child’s case.",
    ),
    Disposition.WITHHELD_VEXATIOUS: (
        "We have read your comment",
        "Two people read it. They decided that it is not a fair comment on the site, so we do not show it. "
        "The law lets us leave those out. It is still counted. You can complain if you do not agree.",
    ),
    Disposition.OUTSIDE_SCOPE: (
        "We have read your comment",
        "It is not about this site or the help on it, so we do not show it. It is still counted.",
    ),
    Disposition.SPAM: (
        "We have read your message",
        "It looked like an advert or an automatic message, so we do not show it. It is still counted.",
    ),
}
COUNTED = (
    "We have counted your comment",
    "You asked us not to show it, so we do not. This is what we are doing about it.",
)


def of_comment(comment: Comment) -> dict[str, Any]:
    """The context of one comment's page: an entry of the log, or how far it is. Never the original."""
    lead = comment.together_with or comment
    if lead.is_entry:
        card = entries.cards([lead])[0]
        return {"card": card, "is_member": lead is not comment, "title": card.title, "robots": "all"}
    counted = comment.disposition == Disposition.GROUPED and comment.consent == Consent.COUNT_ONLY
    title, words = COUNTED if counted else STANDING.get(comment.disposition, STANDING[Disposition.NEW])
    return {
        "reference": comment.reference,
        "ways": CommentSettings.for_site(comment.authority),
        "title": title,
        "words": words,
        "answer": entries.answer_of(comment) if counted else None,
        "who_can_help": comment.disposition == Disposition.WITHHELD_INDIVIDUAL or comment.is_pending,
        "robots": "noindex, nofollow",
    }
