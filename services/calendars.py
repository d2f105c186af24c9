"""A calendar file (RFC 5545) of a service's sessions.

What is known is honoured: the first and last day, days closed and days added, the council's terms
and the holidays between them. Where the terms are not known so far, an event says so. The text is
escaped by `icalendar`; a hidden place is only "Near BS5".
"""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone
from icalendar import Calendar, Event, vText

from services import school_terms, sessions
from services.models import Schedule, Service
from services.sessions import Run

LONDON = ZoneInfo("Europe/London")
MEDIA_TYPE = "text/calendar; charset=utf-8"
UNSURE = "In term time only. We do not know these term dates yet, so check before you go."
ADVICE = "Ring before you go. Times can change, and there may be nothing on a bank holiday."


def calendar_of(service: Service, *, address: str, today: date | None = None) -> bytes | None:
    """The file; None when no session has a day that we know. `address` is the page's whole address.

    Reads the relations that `services.detail.for_page` fetches.
    """
    today = today or timezone.localdate()
    terms = school_terms.known(service.authority_id)
    calendar = Calendar()
    calendar.add("prodid", "-//Local Offer//Sessions//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", vText(_one_line(service.name)))  # an X- name is not escaped
    for sitting in service.schedules.all():
        for run in sessions.runs(sitting, terms, today):
            calendar.add_component(_weekly(service, sitting, run, address))
        for day in sessions.extra_days(sitting, today):
            calendar.add_component(_event(service, sitting, day, address))
    if not calendar.subcomponents:
        return None
    calendar.add_missing_timezones()
    return calendar.to_ical()


def _weekly(service: Service, sitting: Schedule, run: Run, address: str) -> Event:
    """An event that repeats each week of the run."""
    event = _event(service, sitting, run.first, address, unsure=run.unsure)
    rule: dict[str, object] = {"freq": "weekly", "byday": list(run.weekdays)}
    if run.last:
        rule["until"] = _until(sitting, run.last)
    event.add("rrule", rule)
    if run.without:
        event.add("exdate", [_start(sitting, day) for day in run.without])
    return event


def _event(service: Service, sitting: Schedule, day: date, address: str, *, unsure: bool = False) -> Event:
    event = Event()
    event.add("uid", f"{sitting.uuid}-{day:%Y%m%d}@local-offer")
    event.add("dtstamp", service.modified_at.astimezone(UTC) if service.modified_at else datetime.now(UTC))
    event.add("summary", _one_line(service.name))
    event.add("dtstart", _start(sitting, day))
    if end := _end(sitting, day):
        event.add("dtend", end)
    if place := _place(service, sitting):
        event.add("location", place)
    event.add(
        "description", "\n".join(filter(None, [_plain(sitting.note), UNSURE if unsure else ADVICE, address]))
    )
    event.add("url", address)
    return event


def _start(sitting: Schedule, day: date) -> date | datetime:
    """A moment where the hour is known, else the whole day."""
    return datetime.combine(day, sitting.opens, LONDON) if sitting.opens else day


def _end(sitting: Schedule, day: date) -> datetime | None:
    """When it closes; a night away that ends before it began ends on the next day."""
    if not (sitting.opens and sitting.closes):
        return None
    over = sitting.closes <= sitting.opens
    return datetime.combine(day + timedelta(days=over), sitting.closes, LONDON)


def _until(sitting: Schedule, last: date) -> date | datetime:
    """The end of a rule: in UTC where the start is a moment (RFC 5545, 3.3.10)."""
    if not sitting.opens:
        return last
    return datetime.combine(last, time(23, 59, 59), LONDON).astimezone(UTC)


def _place(service: Service, sitting: Schedule) -> str:
    """Where it is, as the public may know it: its own place, or the only one of the service."""
    places = [row.location for row in service.service_locations.all() if row.location_id]
    place = sitting.location or (places[0] if len(places) == 1 else None)
    if place is None:
        return ""
    named = [] if place.address_hidden else [place.name]
    return _one_line(", ".join(filter(None, [*named, *place.address_lines])))


def _plain(text: str) -> str:
    """Without marks that no calendar may hold; a line break stays one."""
    return "".join(c for c in text.replace("\r\n", "\n").replace("\r", "\n") if c >= " " or c == "\n").strip()


def _one_line(text: str) -> str:
    return " ".join(_plain(text).split())
