"""Fixed kinds of the regulation 56 loop, and the groups of them that code asks about."""

from typing import Any

from django.db import models

from localoffer.regulations import Section


class Role(models.TextChoices):
    """Who is speaking. The first four are those whom the duty names.

    `REPRESENTATIVE` is Schedule 3 Part 1 of the Regulations: somebody who acts for a young person
    who cannot decide this themselves.
    """

    PARENT_CARER = "parent_carer", "Parent or carer"
    YOUNG_PERSON = "young_person", "Child or young person"
    ON_BEHALF = "on_behalf", "Family member, friend or foster carer"
    REPRESENTATIVE = "representative", "Acting for a young person who cannot decide"
    GROUP = "group", "A group"
    PROFESSIONAL = "professional", "Someone who works with families"
    OTHER = "other", "Someone else"


class Topic(models.TextChoices):
    """The three subjects of regulation 56, the first of them in its two halves, and the rest."""

    CONTENT_QUALITY = "content_quality", "What the pages say"
    MISSING = "missing", "Something missing"
    ACCESSIBILITY = "accessibility", "Using this site"
    HOW_MADE = "how_made", "How the site is made"
    OTHER = "other", "Something else"


class Consent(models.TextChoices):
    """What the writer lets us publish."""

    PUBLISH = "publish", "Yes, with names and private details taken out"
    SUMMARY = "summary", "Only a short version in our words"
    COUNT_ONLY = "count_only", "No. Count it, but do not show it"


class Channel(models.TextChoices):
    WEB = "web", "This website"
    EMAIL = "email", "Email"
    PHONE = "phone", "Phone"
    POST = "post", "Post"
    EVENT = "event", "At an event"


class Disposition(models.TextChoices):
    """What became of a comment.

    Only two grounds for leaving out a comment are lawful: vexatious, and about the services of one
    person. What is outside the scope of the offer or an advert is no comment on it. "Negative" is
    not a ground, and there is no word for it here.
    """

    NEW = "new", "To be read"
    PROPOSED_VEXATIOUS = "proposed_vexatious", "Waiting for a second person"
    PUBLISHED = "published", "Published"
    GROUPED = "grouped", "Answered together with others"
    WITHHELD_VEXATIOUS = "withheld_vexatious", "Withheld: not fair comment under the law"
    WITHHELD_INDIVIDUAL = "withheld_individual", "Withheld: about one person's case"
    OUTSIDE_SCOPE = "outside_scope", "Not about the local offer"
    SPAM = "spam", "Advert or automatic message"


PENDING = frozenset({Disposition.NEW, Disposition.PROPOSED_VEXATIOUS})
SHOWN = frozenset({Disposition.PUBLISHED, Disposition.GROUPED})
# Grounds that one moderator may act on alone; vexatious needs a second person.
WITHHELD_BY_ONE = frozenset({Disposition.WITHHELD_INDIVIDUAL, Disposition.OUTSIDE_SCOPE, Disposition.SPAM})


class ActionStatus(models.TextChoices):
    """How far an action is. The look of each is in `STATUS_LOOK`: a symbol with every word."""

    CONSIDERING = "considering", "Still deciding"
    PLANNED = "planned", "Planned"
    UNDER_WAY = "under_way", "Under way"
    DONE = "done", "Done"
    NOT_DOING = "not_doing", "Not doing"


OPEN = frozenset({ActionStatus.CONSIDERING, ActionStatus.PLANNED, ActionStatus.UNDER_WAY})
# status → (icon, tag class, how our reply begins)
STATUS_LOOK: dict[str, tuple[str, str, str]] = {
    ActionStatus.CONSIDERING: ("dots", "", "We may:"),
    ActionStatus.PLANNED: ("ring", "", "We will:"),
    ActionStatus.UNDER_WAY: ("half", "tag--go", "We are:"),
    ActionStatus.DONE: ("check", "tag--done", "We did:"),
    ActionStatus.NOT_DOING: ("no", "", "We cannot, because:"),
}


class EventKind(models.TextChoices):
    """A step in the life of a comment or of an action."""

    RECEIVED = "received", "Received"
    CLASSIFIED = "classified", "Subject put right"
    REDACTED = "redacted", "Public text written"
    PUBLISHED = "published", "Published"
    GROUPED = "grouped", "Put together with others"
    COUNTED = "counted", "Counted, not shown"
    ANSWERED = "answered", "Answered"
    PROPOSED = "proposed", "Proposed to withhold as vexatious"
    REFUSED = "refused", "Second person did not agree"
    WITHHELD = "withheld", "Withheld"
    REOPENED = "reopened", "Opened again"
    FLAGGED = "flagged", "Flagged for safeguarding"
    UNFLAGGED = "unflagged", "Safeguarding flag taken off"
    ASSIGNED = "assigned", "Given to somebody"
    ALERTED = "alerted", "Named staff told"
    WROTE = "wrote", "Wrote to the writer"
    FORGOTTEN = "forgotten", "Personal details deleted"
    ACTION_AGREED = "action_agreed", "Action agreed"
    ACTION_CHANGED = "action_changed", "Action changed"
    FOLLOWED_UP = "followed_up", "Asked whether it helped"


# Short names of the parts of the offer, as the log shows them.
SECTION_WORDS: dict[Section, str] = {
    Section.EDUCATION: "Learning",
    Section.HEALTH: "Health",
    Section.SOCIAL_CARE: "Care and short breaks",
    Section.TRANSPORT: "Getting there",
    Section.ADULTHOOD: "Growing up",
    Section.ADVICE: "Advice",
    Section.REDRESS: "If you disagree",
    Section.ACCESS: "Plans and getting help",
}
SECTION_CHOICES: list[tuple[str, Any]] = [(key.value, words) for key, words in SECTION_WORDS.items()]


class RoundKind(models.TextChoices):
    """Regulation 54 asks for consultation at both times."""

    PREPARING = "preparing", "Making the offer"
    REVIEWING = "reviewing", "Reviewing the offer"


class GapKind(models.TextChoices):
    """How we know that something is missing."""

    SEARCH = "search", "Searches that found nothing"
    COMMENT = "comment", "A comment that something is missing"
    CELL = "cell", "No service for a need, an age and an area"
    STAFF = "staff", "Staff"


class GapStatus(models.TextChoices):
    NEW = "new", "New"
    LOOKING = "looking", "Being looked into"
    PLANNED = "planned", "Help is planned"
    CLOSED = "closed", "There is help now"
    NO_GAP = "no_gap", "Not a gap"


GAP_OPEN = frozenset({GapStatus.NEW, GapStatus.LOOKING, GapStatus.PLANNED})
