"""What must be true before a step of moderation: the reasons that count, and who must not be named."""

import re
from collections.abc import Iterable

from django.core.exceptions import ValidationError

from feedback.enums import Consent
from feedback.models import Action, Comment, contact_of

# A reason made of these words alone only says that a comment is unwelcome, which is no ground.
NO_REASON = re.compile(
    r"\A\W*(?:(?:it|is|was|just|too|very|so|only|a|the|an|and|or|comment|feedback|tone|negative|negativity|"
    r"critical|criticism|complaint|complaining|moaning|rude|unfair|unhelpful|unwelcome|embarrassing|bad|none|"
    r"n/?a)\b\W*)*\Z",
    re.IGNORECASE,
)


class Refused(ValueError):
    """The step may not be taken; `field` names the part of the form it is about."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.message, self.field = message, field


class ChangedMeanwhile(Refused):
    """Another moderator changed the comment after it was read."""


def check_publishable(comment: Comment, public_text: str, nobody_identifiable: bool) -> None:
    if comment.safeguarding:
        raise Refused("A comment that tells of harm is never published.")
    if comment.consent == Consent.COUNT_ONLY:
        raise Refused("The writer asked us not to show it. Count it instead.", "decision")
    if not public_text:
        raise Refused("Write the public text.", "public_text")
    if comment.consent == Consent.SUMMARY and _same_words(public_text, comment.original):
        raise Refused("The writer asked for a short version in our words. Rewrite it.", "public_text")
    if not nobody_identifiable:
        raise Refused("Confirm that nobody can be identified.", "nobody_identifiable")


def check_names_no_contact(comment: Comment, **texts: str) -> None:
    """The writer's own address or number is never published, whoever ticked the box."""
    contact = contact_of(comment)
    if contact is None:
        return
    digits = re.sub(r"\D", "", contact.phone)
    for field, text in texts.items():
        if contact.email and contact.email.lower() in text.lower():
            raise Refused("This holds the writer's email address. Take it out.", field)
        if len(digits) >= 7 and digits[-9:] in re.sub(r"[^\w]|_", "", text):
            raise Refused("This holds the writer's phone number. Take it out.", field)


def check_change_explained(comment: Comment, public_text: str, note: str) -> None:
    """Whatever is taken out of a family's words, or changed, has a reason on the record."""
    if public_text and not note.strip() and not is_same_text(public_text, comment.original):
        raise Refused("Say why the words were changed.", "reason")


def check_action(comment: Comment, action: Action | None) -> None:
    if action and action.authority_id != comment.authority_id:
        raise Refused("Choose an action of the same authority.", "action")


def check_no_others(comment: Comment) -> None:
    if comment.others.exists():
        raise Refused("Other comments are together with this one. Open them again first.")


def is_same_text(one: str, other: str) -> bool:
    """Whether they differ in white space alone."""
    return one.split() == other.split()


def _same_words(one: str, other: str) -> bool:
    return re.findall(r"\w+", one.lower()) == re.findall(r"\w+", other.lower())


def messages_of(error: ValidationError | Refused) -> Iterable[tuple[str, str]]:
    """(field or "", message) of what was refused, for a form."""
    if isinstance(error, Refused):
        return [(error.field, error.message)]
    if hasattr(error, "error_dict"):
        return [(field, message) for field, messages in error.message_dict.items() for message in messages]
    return [("", message) for message in error.messages]
