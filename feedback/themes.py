"""“You said, we did” by theme: each action that answers a public comment, by part of the offer."""

from collections import Counter, defaultdict
from dataclasses import dataclass

from django.utils import timezone
from wagtail.models import Site

from feedback import entries
from feedback.enums import SECTION_WORDS
from feedback.models import Action, Comment

ELSEWHERE = "The whole site"


@dataclass(frozen=True, slots=True)
class Theme:
    """What families said, how many, and our answer. `links`: (words, address) of entries of the log."""

    title: str
    said: str
    people: int
    answer: entries.Answer
    links: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ThemeGroup:
    heading: str
    anchor: str
    themes: tuple[Theme, ...]


def read(authority: Site) -> list[ThemeGroup]:
    """Groups in the order of the sections; a theme stands where most of its comments do. Two queries."""
    leads: dict[int, list[Comment]] = defaultdict(list)
    people: Counter[int] = Counter()
    sections: dict[int, Counter[str]] = defaultdict(Counter)
    shown = Comment.objects.of(authority).shown().filter(action__isnull=False)
    for comment in shown.defer("original").order_by("-received_on", "-pk"):
        people[comment.action_id] += 1
        sections[comment.action_id][comment.section] += 1
        if comment.is_entry:
            leads[comment.action_id].append(comment)
    actions = (
        Action.objects.of(authority)
        .filter(pk__in=list(leads))
        .select_related("authority__commentsettings", "evidence_revision")
        .defer("evidence_revision__content")
    )
    groups: dict[str, list[Theme]] = defaultdict(list)
    for action in actions:
        named = Counter({key: n for key, n in sections[action.pk].items() if key})
        section = named.most_common(1)[0][0] if named else ""
        groups[section].append(_theme(action, leads[action.pk], people[action.pk]))
    order = [*(key.value for key in SECTION_WORDS), ""]
    return [
        ThemeGroup(SECTION_WORDS.get(key, ELSEWHERE), key.replace("_", "-") or "all", tuple(groups[key]))
        for key in order
        if key in groups
    ]


def _theme(action: Action, leads: list[Comment], people: int) -> Theme:
    return Theme(
        title=action.title,
        said=action.you_said,
        people=people,
        answer=entries.answer_of_action(action, timezone.localdate()),
        links=tuple((lead.public_heading, lead.get_absolute_url()) for lead in leads),
    )
