"""Tags that draw the components of the public site: one tag, one file in templates/components/.

A template builtin, so no {% load %} is needed. What a component shows may be long or empty, and
may come from anybody: every value is escaped by the template that draws it.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from functools import cache
from itertools import groupby
from operator import attrgetter
from typing import Any

from django import template
from django.forms import BaseForm, BoundField
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from localoffer import fields
from localoffer.clock import today
from localoffer.moulds import fill
from localoffer.pagination import Pager

register = template.Library()

# A status is always a symbol and a word: (style, symbol, word).
STATUSES = {
    "done": ("tag--done", "check", "Done"),
    "under_way": ("tag--go", "half", "Under way"),
    "planned": ("", "ring", "Planned"),
    "deciding": ("", "dots", "Still deciding"),
    "not_doing": ("", "no", "Not doing"),
    "late": ("tag--warn", "warn", "Late"),
    "out_of_date": ("tag--warn", "warn", "Out of date"),
    "missing": ("", "gap", "Not published yet"),
    "not_applicable": ("", "no", "Does not apply here"),
    "stop": ("tag--stop", "no", "Stopped"),
}
NOTICE_ICONS = {"info": "info", "late": "warn", "missing": "gap"}


@cache
def _icon(name: str) -> SafeString:
    """Drawn hundreds of times a page, so made once a process."""
    return format_html(
        '<svg class="icon" aria-hidden="true" focusable="false"><use href="{}#i-{}"/></svg>',
        static("icons.svg"),
        name,
    )


@register.simple_tag
def icon(name: str) -> SafeString:
    """A symbol of static/icons.svg beside a word; never alone, so hidden from screen readers."""
    return _icon(name)


@register.filter
def tel(number: str) -> str:
    """A telephone number as the address of a call: `0117 496 0100` becomes `tel:+441174960100`."""
    digits = "".join(c for c in str(number) if c in "0123456789")
    if str(number).strip().startswith("+"):
        return f"tel:+{digits}"
    return f"tel:+44{digits[1:]}" if digits.startswith("0") else f"tel:{digits}"


@register.inclusion_tag("components/breadcrumb.html")
def breadcrumb(crumbs: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """Where this page stands: (label, url) from the home page to the page above this one."""
    return {"crumbs": list(crumbs)}


@register.inclusion_tag("components/stamp.html")
def stamp(
    last_checked: date | None,
    review_by: date | None = None,
    advice: str = "Ring before you go.",
    who: str = "",
) -> dict[str, Any]:
    """When it was last checked, and by `who`. Late from the day after `review_by`, then with `advice`."""
    late = not last_checked or bool(review_by and _day(review_by) < today())
    return {"last_checked": last_checked and _day(last_checked), "late": late, "advice": advice, "who": who}


def _day(moment: date) -> date:
    """The day here of a date or a moment."""
    if isinstance(moment, datetime):
        return timezone.localtime(moment).date() if timezone.is_aware(moment) else moment.date()
    return moment


@register.inclusion_tag("components/credit.html")
def credit(made_with: str, on: date | None = None) -> dict[str, Any]:
    """Who made an answer with us."""
    return {"made_with": made_with, "on": on}


@register.inclusion_tag("components/pager.html")
def pager(pager: Pager, label: str = "Pages of results") -> dict[str, Any]:
    """Links to the pages of a list; nothing where there is one page."""
    return {"pager": pager, "label": label}


@register.simple_block_tag(end_name="endnotice")
def notice(content: str, kind: str = "info", title: str = "", level: int = 2, icon: str = "") -> SafeString:
    """{% notice kind="late" title="Please ring" level=3 %}<p>…</p>{% endnotice %}

    `kind` is info, late (it may be wrong by now) or missing (the law expects it).
    """
    return render_to_string(
        "components/notice.html",
        {
            "kind": kind,
            "title": title,
            "level": level,
            "icon_name": icon or NOTICE_ICONS.get(kind, "info"),
            "content": content,
        },
    )


@register.inclusion_tag("components/tag.html")
def status_tag(status: str, text: str = "") -> dict[str, Any]:
    """A status as symbol, word and colour. `text` replaces the word: "Done, 31 March 2026"."""
    style, symbol, word = STATUSES.get(str(status), ("", "ring", str(status).replace("_", " ").capitalize()))
    return {"style": style, "symbol": symbol, "text": text or word}


@register.inclusion_tag("components/tag.html")
def rating(mark: Any) -> dict[str, Any]:
    """A red, amber or green rating (localoffer.evaluation.Mark): word and symbol beside the colour."""
    return {"style": mark.style, "symbol": mark.symbol, "text": mark.word}


@register.inclusion_tag("components/button.html")
def button(
    text: str,
    href: str = "",
    quiet: bool = False,
    small: bool = False,
    icon: str = "",
    name: str = "",
    value: str = "",
) -> dict[str, Any]:
    """A link that looks like what it does, or with no `href` the button that sends a form."""
    return {
        "text": text,
        "href": href,
        "quiet": quiet,
        "small": small,
        "icon_name": icon,
        "name": name,
        "value": value,
    }


@register.inclusion_tag("components/chip.html")
def chip(text: str, url: str) -> dict[str, Any]:
    """A chosen filter that removes itself."""
    return {"text": text, "url": url}


@register.simple_tag
def facet(facet: Any, things: str = "results") -> SafeString:
    """A group of filters: `key` (name in the address), `label`, `values` (each `key`, `label`, `count`,
    `chosen`, and `group`, the heading it stands under or empty), `chosen_count`, `is_open`. `things` are what
    is counted, in a plural that ends in s."""
    groups = groupby(facet.values, key=attrgetter("group"))
    drawn = [
        _facet_group(
            facet.key, number, heading, [_facet_choice(facet.key, value, things) for value in values]
        )
        for number, (heading, values) in enumerate(groups, 1)
    ]
    return fill(
        "components/facet.html",
        {"groups": mark_safe("".join(drawn))},
        key=facet.key,
        label=facet.label,
        chosen_count=facet.chosen_count,
        is_open=facet.is_open,
    )


def _facet_group(facet: str, number: int, heading: str, choices: Sequence[str]) -> SafeString:
    html = mark_safe("".join(choices))
    return fill("components/facet_group.html", {"choices": html}, facet=facet, number=number, heading=heading)


def _facet_choice(facet: str, value: Any, things: str) -> SafeString:
    """There are a hundred on a page, and only the count differs from one page to the next."""
    return fill(
        "components/facet_choice.html",
        {"count": str(value.count)},
        facet=facet,
        key=value.key,
        label=value.label,
        chosen=value.chosen,
        things=things.removesuffix("s") if value.count == 1 else things,
    )


@register.inclusion_tag("components/summary_list.html")
def summary_list(rows: Iterable[Sequence[str]]) -> dict[str, Any]:
    """Label and words, (label, words), or with a way back (label, words, url, what is changed)."""
    rows = list(rows)
    return {"rows": rows, "change": any(len(row) > 2 for row in rows)}


@register.inclusion_tag("components/contents.html")
def contents(entries: Iterable[Any], title: str = "On this page") -> dict[str, Any]:
    """Entries with `title`, `anchor` and `status`, so that nobody scrolls only to be let down."""
    return {"entries": list(entries), "title": title}


@register.inclusion_tag("components/progress.html")
def progress(title: str, step: int, of: int) -> dict[str, Any]:
    """How far through the questions a person is, in words; the dots are decoration."""
    return {"title": title, "step": step, "of": of, "dots": [n <= step for n in range(1, of + 1)]}


@register.inclusion_tag("components/figures.html")
def figures(rows: Iterable[tuple[str, object]]) -> dict[str, Any]:
    """Numbers that matter: (what is counted, the number)."""
    return {"rows": list(rows)}


@register.inclusion_tag("components/timeline.html")
def timeline(
    events: Iterable[Any], summary: str = "How this went, step by step", is_open: bool = False
) -> dict[str, Any]:
    """What happened: events with `icon`, `date` and `text`, the oldest first."""
    return {"events": list(events), "summary": summary, "is_open": is_open}


@register.inclusion_tag("components/door.html")
def door(section: Any, wide: bool = False) -> dict[str, Any]:
    """A way into a section: `title`, `url`, `icon`, `css_class` and `summary`."""
    return {"section": section, "wide": wide}


@register.inclusion_tag("components/tasks.html")
def tasks(tasks: Iterable[Any], plain: bool = False) -> dict[str, Any]:
    """Links with `title` and `url`; plain without arrows."""
    return {"tasks": list(tasks), "plain": plain}


@register.inclusion_tag("components/said.html")
def said(text: str, label: str = "You said") -> dict[str, Any]:
    """A family's words, before ours."""
    return {"text": text, "label": label}


@register.simple_block_tag(end_name="endpage_title")
def page_title(
    content: str, title: str, lead: str = "", icon: str = "doc", css_class: str = ""
) -> SafeString:
    """{% page_title page.title lead="…" icon=page.icon css_class=page.css_class %}…{% endpage_title %}

    The content is what a person may do with the section: buttons.
    """
    return render_to_string(
        "components/page_title.html",
        {"title": title, "lead": lead, "icon_name": icon, "css_class": css_class, "content": content},
    )


@register.simple_tag
def field(bound: BoundField, is_page: bool = False, cards: bool = False, width: str = "") -> SafeString:
    """{% field form.postcode width="short" %}: a question of a form, with its label, hint and error."""
    drawn = fields.view(bound, is_page=is_page, cards=cards, width=width)
    return render_to_string(drawn.template, {"field": drawn})


@register.inclusion_tag("components/error_summary.html")
def error_summary(form: BaseForm) -> dict[str, Any]:
    """What to fix before a form can be sent; nothing where it is right or not sent yet."""
    errors = fields.errors(form) if form.is_bound else []
    heading = "Please fix one thing" if len(errors) == 1 else f"Please fix {len(errors)} things"
    return {"errors": errors, "heading": heading}
