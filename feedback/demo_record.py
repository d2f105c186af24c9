"""The demonstration's consultation, gaps, usefulness and yearly report, through the steps staff take.

The council is invented, and so are its days. The report is counted from the demonstration's own log,
submitted, approved by the forum and by a publisher, and fixed, as any other.
"""

import json
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone
from wagtail.models import Site

from feedback import annual, consultation, gaps, useful
from feedback.annual_period import ReportPeriod
from feedback.models import (
    AnnualReportPage,
    ConsultationRound,
    ConsulteeRecord,
    FrozenReport,
    Gap,
    UsefulCount,
)
from localoffer.demo_history import PEOPLE, date_back, person


@transaction.atomic
def load(authority: Site, path: Path) -> list[str]:
    """Load what is not there yet; gives what was made, in words. What staff changed since is kept."""
    content = json.loads(path.read_text(encoding="utf-8"))
    made = [
        (load_rounds(authority, content["rounds"]), "rounds of consultation"),
        (load_useful(authority, content["useful"]), "months of usefulness"),
        (load_gaps(authority, content["gaps"]), "gaps"),
        (load_report(authority, content["report"]), "yearly report"),
    ]
    return [f"{number} {words}" for number, words in made if number]


def load_rounds(authority: Site, rows: list[dict[str, Any]]) -> int:
    if ConsultationRound.objects.of(authority).exists():
        return 0
    for row in rows:
        records = row.pop("records")
        found = ConsultationRound.objects.create(authority=authority, **row)
        consultation.fill_round(found)
        for record in ConsulteeRecord.objects.filter(round=found).select_related("category"):
            told = records.get(record.category.key)
            if told is None:
                continue
            record.invited_on, record.how = date.fromisoformat(told[0]), told[1]
            record.responded, record.summary = told[2] is not None, told[2] or ""
            record.save()
    return len(rows)


def load_useful(authority: Site, rows: list[list[Any]]) -> int:
    if UsefulCount.objects.of(authority).exists():
        return 0
    titles = {
        page.url_path.removeprefix(authority.root_page.url_path): page.title
        for page in authority.root_page.get_children().live()
    }
    for path, month, yes, no in rows:
        title = titles.get(path.lstrip("/"), path)
        for said, times in (("yes", yes), ("no", no)):
            if times:
                useful.add(
                    authority=authority, path=path, title=title, said=said,
                    month=date.fromisoformat(month), times=times,
                )  # fmt: skip
    return len(rows)


def load_gaps(authority: Site, rows: list[dict[str, Any]]) -> int:
    if Gap.objects.of(authority).exists():
        return 0
    editor = person("demo-editor", PEOPLE["demo-editor"])
    for row in rows:
        gaps.from_search(authority=authority, words=row["words"], searches=row["searches"])
        gap = Gap.objects.of(authority).get(key=gaps.search_key(row["words"]))
        if row["note"]:
            gaps.change(
                gap=gap, by=editor, version=gap.version, text=row["note"],
                status=row["status"], owner_role=row["owner_role"],
            )  # fmt: skip
    gaps.look(authority=authority)
    return Gap.objects.of(authority).count()


def load_report(authority: Site, row: dict[str, Any]) -> int:
    """Drafted by an editor, approved by the forum, put live by a publisher; then dated as the file says."""
    period = ReportPeriod.parse(row["period"])
    if AnnualReportPage.objects.descendant_of(authority.root_page).filter(slug=period.slug).exists():
        return 0
    editor, forum, publisher = (person(name, group) for name, group in PEOPLE.items())
    page = annual.draft_report(authority=authority, period=period)
    for name in ("engagement", "could_not", "next_steps"):
        setattr(page, name, row[name])
    page.save_revision(user=editor)
    state = page.get_workflow().start(page, editor)
    for reviewer in (forum, publisher):
        state.refresh_from_db()
        task = state.current_task_state.specific
        task.task.specific.on_action(task, reviewer, "approve")
    day = min(date.fromisoformat(row["fixed_on"]), timezone.localdate())
    date_back(page, day)
    record = FrozenReport.objects.get(page=page)
    approvals = [{**step, "on": day.isoformat()} for step in record.content["approvals"]]
    FrozenReport.objects.filter(pk=record.pk).update(
        content={**record.content, "approvals": approvals},
        frozen_at=timezone.make_aware(datetime.combine(day, time(10))),
    )
    return 1
