"""The demonstration's past: what stood a year ago, and what its forum approved since.

The council is invented, and so are these days. Everything else is real: each version is a revision,
each approval went through the workflow, and the credit that families read is taken from it.
"""

import json
import re
from copy import deepcopy
from datetime import date, datetime, time
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser, Group
from django.core.serializers.json import DjangoJSONEncoder
from django.utils import timezone
from wagtail.models import Page, PageLogEntry, Revision, Site, TaskState, WorkflowState

from localoffer.coverage import audit, take_snapshot
from localoffer.history import sections_as_of
from localoffer.models import CoverageSnapshot, Credit, SectionPage

OPENED = date(2025, 9, 1)
REFRESHED = date(2026, 11, 20)
# Sections whose present words the forum reviewed: what it read, and the day it said yes.
APPROVED = {"transport": date(2026, 10, 16), "advice": date(2026, 11, 3)}
SNAPSHOTS = (date(2025, 10, 1), date(2026, 1, 5), date(2026, 4, 1), date(2026, 7, 1), date(2026, 10, 1))
SCHOOL_YEAR = re.compile(r"\b(20\d\d)-(\d\d)\b")
PEOPLE = {
    "demo-editor": "Council editor",
    "demo-forum": "Forum editor",
    "demo-publisher": "Council publisher",
}


def publish(home: Page, page: Page) -> None:
    """Put a new page under the front door, as it was a year ago and then as it is now."""
    now = page.answers.get_prep_value() if isinstance(page, SectionPage) else None
    if now is not None:
        then = [{**block, "value": _a_year_younger(block["value"])} for block in now]
        page.answers = json.dumps(then, cls=DjangoJSONEncoder)
    home.add_child(instance=page)
    page.save_revision().publish()
    date_back(page, OPENED)
    home.refresh_from_db()
    if now is not None:
        _refresh(page, now)


def _refresh(page: SectionPage, answers: list[dict[str, Any]]) -> None:
    page = type(page).objects.get(pk=page.pk)
    page.answers = json.dumps(answers, cls=DjangoJSONEncoder)
    before = set(Revision.page_revisions.filter(object_id=str(page.pk)).values_list("pk", flat=True))
    day = APPROVED.get(page.slug)
    staffed = Group.objects.filter(name__in=PEOPLE.values()).count() == len(PEOPLE)
    if day and staffed and page.get_workflow():
        _approve(page)
    else:
        day = REFRESHED
        page.save_revision().publish()
    date_back(page, day, before)


def _approve(page: SectionPage) -> None:
    """An editor submits it, the forum approves it, a publisher of the council puts it live."""
    editor, forum, publisher = (person(name, group) for name, group in PEOPLE.items())
    page.save_revision(user=editor)
    state = page.get_workflow().start(page, editor)
    for reviewer in (forum, publisher):
        state.refresh_from_db()
        task = state.current_task_state.specific
        task.task.specific.on_action(task, reviewer, "approve")


def person(name: str, group: str) -> AbstractBaseUser:
    """A member of staff who cannot sign in: there is no password."""
    people = get_user_model().objects
    person = people.filter(username=name).first()
    if person is None:
        person = people.create_user(name, first_name="Demonstration", last_name=group)
        person.groups.add(Group.objects.get(name=group))
    return person


def _a_year_younger(value: dict[str, Any]) -> dict[str, Any]:
    """The answer as it stood a year before: reviewed then, with the documents of that year."""
    younger = deepcopy(value)
    for field in ("reviewed_on", "review_by"):
        if younger.get(field):
            day = date.fromisoformat(str(younger[field]))
            younger[field] = day.replace(year=day.year - 1, day=min(day.day, 28))
    for document in younger.get("documents") or []:
        for name in ("period", "title", "url"):
            held = document.get("value", document)
            held[name] = SCHOOL_YEAR.sub(_year_before, held.get(name) or "")
    return younger


def _year_before(found: re.Match) -> str:
    return f"{int(found[1]) - 1}-{int(found[2]) - 1:02}"


def date_back(page: Page, day: date, before: set[int] | None = None) -> None:
    """Say that what was just done to the page was done on that day, at ten in the morning."""
    at = timezone.make_aware(datetime.combine(day, time(10)))
    revisions = Revision.page_revisions.filter(object_id=str(page.pk)).exclude(pk__in=before or ())
    entries = PageLogEntry.objects.filter(page=page.pk)
    if before:
        entries = entries.filter(timestamp__gt=timezone.make_aware(datetime.combine(OPENED, time(11))))
    entries.update(timestamp=at)
    revisions.update(created_at=at)
    dated = {"last_published_at": at, "latest_revision_created_at": at}
    Page.objects.filter(pk=page.pk).update(**dated, **({} if before else {"first_published_at": at}))
    states = WorkflowState.objects.filter(object_id=str(page.pk), base_content_type__model="page")
    TaskState.objects.filter(workflow_state__in=states).update(started_at=at, finished_at=at)
    states.update(created_at=at)
    Credit.objects.filter(page=page.pk).update(approved_on=day, published_on=day)


def keep_snapshots(site: Site) -> int:
    """How coverage stood on some days of the last year, read back from what was published then."""
    if CoverageSnapshot.objects.filter(authority=site).exists():
        return 0
    for day in SNAPSHOTS:
        take_snapshot(site, audit(site, day, sections_as_of(site, day)))
    return len(SNAPSHOTS)
