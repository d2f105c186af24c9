"""What the templates of the yearly report show. Templates hold no logic."""

from datetime import date
from typing import Any

from django.urls import reverse
from django.utils import timezone

from feedback.annual_period import ReportPeriod, day_words
from feedback.enums import ActionStatus
from feedback.models import AnnualReportPage, Comment
from feedback.small_numbers import words
from localoffer.coverage import STATUS_WORDS, Status

# Of the drawing: units of the chart, which is as wide as its column.
BAR_STEP, BAR_WIDTH = 64, 90
STATES_OF_CHANGE = (ActionStatus.DONE,)
STATES_TO_COME = (ActionStatus.UNDER_WAY, ActionStatus.PLANNED, ActionStatus.CONSIDERING)


def of_report(page: AnnualReportPage) -> dict[str, Any]:
    """The context of a report: what was fixed if it was, else the draft as it stands."""
    record = page.frozen()
    content = record.content if record else page.written()
    data = content["data"]
    period = ReportPeriod(date.fromisoformat(content["start"]), date.fromisoformat(content["end"]))
    themes = data.get("themes", [])
    return {
        "report": content,
        "data": data,
        "period": period,
        "frozen_on": timezone.localdate(record.frozen_at) if record else None,
        "approvals": _approvals(content.get("approvals", [])),
        "figures": headline(data),
        "chart": _chart(data.get("topics", [])),
        "topics": data.get("topics", []),
        "small": _small_tables(data),
        "changed": [theme for theme in themes if theme["state"] in STATES_OF_CHANGE],
        "to_come": [theme for theme in themes if theme["state"] in STATES_TO_COME],
        "not_doing": [theme for theme in themes if theme["state"] == ActionStatus.NOT_DOING],
        "not_shown_total": sum(reason["count"] for reason in data.get("not_shown", [])),
        "entries": _still_public(data.get("entries", [])),
        "rounds": _rounds(data.get("rounds", [])),
        "coverage": [
            (STATUS_WORDS[Status(key)], number) for key, number in data.get("coverage", {}).items() if number
        ],
        "others": other_years(page),
        "numbers_url": reverse("feedback:report_file", args=[page.slug, "numbers"]),
        "comments_url": reverse("feedback:report_file", args=[page.slug, "comments"]),
    }


def headline(data: dict[str, Any]) -> list[tuple[str, object]]:
    """The numbers that come first; nothing before anything was counted."""
    if not data:
        return []
    rows: list[tuple[str, object]] = [
        ("comments received", data["received"]),
        ("published or put together with others", data["shown"]),
        ("counted but not shown", sum(reason["count"] for reason in data["not_shown"])),
    ]
    if data["being_read"]:
        rows.append(("still being read", data["being_read"]))
    wait = data["answers"]["median_working_days"]
    if wait is not None:
        rows.append(("working days to answer, the middle value", f"{wait:g}"))
    return rows


def other_years(page: AnnualReportPage) -> list[dict[str, Any]]:
    """Every live report, the latest first, with this one marked."""
    reports = AnnualReportPage.objects.sibling_of(page).live().public().order_by("-start")
    return [
        {
            "title": ReportPeriod(report.start, report.end).short,
            "url": report.get_url(),
            "current": "page" if report.pk == page.pk else "",
        }
        for report in reports
    ]


def _approvals(approvals: list[dict[str, str]]) -> list[str]:
    """ "Agreed with Avonmere Parent Carer Voice on 14 September 2026." """
    starts = {"forum": "Agreed with", "council": "Published by"}
    return [
        f"{starts[step['kind']]} {step['who']} on {day_words(date.fromisoformat(step['on']))}."
        for step in approvals
    ]


def _chart(topics: list[dict[str, Any]]) -> dict[str, Any]:
    """Bars of percentage width, so that the words never shrink; the table beside it says the same."""
    most = max((topic["count"] for topic in topics), default=0)
    bars = [
        {
            "words": topic["words"],
            "count": topic["count"],
            "label_y": 18 + index * BAR_STEP,
            "bar_y": 28 + index * BAR_STEP,
            "value_y": 44 + index * BAR_STEP,
            "width": round(BAR_WIDTH * topic["count"] / most),
        }
        for index, topic in enumerate(topics)
        if most
    ]
    told = ", ".join(f"{topic['words'].lower()} {topic['count']}" for topic in topics)
    return {
        "bars": bars,
        "height": len(bars) * BAR_STEP,
        "total": sum(topic["count"] for topic in topics),
        "told": told,
        "first": topics[0] if bars else None,
    }


def _small_tables(data: dict[str, Any]) -> list[dict[str, Any]]:
    titles = {"roles": "Who wrote to us", "channels": "How you reached us"}
    return [
        {"key": key, "title": title, "rows": [(row["words"], words(row["count"])) for row in data[key]]}
        for key, title in titles.items()
        if data.get(key)
    ]


def _rounds(rounds: list[dict[str, Any]]) -> list[dict[str, Any]]:
    def days(found: dict[str, Any]) -> str:
        opened = day_words(date.fromisoformat(found["opened"]))
        return f"{opened} to {day_words(date.fromisoformat(found['closed']))}" if found["closed"] else opened

    return [{**found, "days": days(found)} for found in rounds]


def _still_public(entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """A comment that came off the log since, as it must when somebody can be told by it, comes off every
    report too; that it was there is still said, and the numbers stay."""
    references = [entry["reference"] for entry in entries]
    public = set(
        Comment.objects.entries().filter(reference__in=references).values_list("reference", flat=True)
    )
    return [{**entry, "is_public": entry["reference"] in public} for entry in entries]
