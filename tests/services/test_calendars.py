"""Sessions as a calendar file, read back by the library that calendars trust."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from dateutil.rrule import rrulestr
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from services import school_terms, sessions
from services.calendars import UNSURE, calendar_of
from services.days import Span
from services.enums import SessionWhen
from services.models import Schedule, SchoolTerm, Service
from tests.factories import make_authority, make_location, make_service

pytestmark = pytest.mark.django_db

LONDON = ZoneInfo("Europe/London")
TODAY = date(2026, 11, 26)  # a Thursday
PAGE = "https://offer.example.org/services/1/club/"
TERMS = [
    ("2026-11-02", "2026-12-18"),
    ("2027-01-04", "2027-02-12"),
    ("2027-02-22", "2027-03-25"),
]


def with_terms(authority) -> None:
    for number, (first, last) in enumerate(TERMS):
        SchoolTerm.objects.create(authority=authority, name=f"Term {number}", starts=first, ends=last)


def with_schedule(authority, *, locations=(), name="Saturday club", **fields) -> Service:
    service = make_service(authority, name=name, locations=locations)
    service.schedules = [Schedule(**{"days": ["MO"], "opens": time(16), "closes": time(17, 30), **fields})]
    service.save()
    return Service.objects.get(pk=service.pk)


def events(service: Service, today: date = TODAY) -> list:
    content = calendar_of(service, address=PAGE, today=today)
    return list(Calendar.from_ical(content).walk("VEVENT")) if content else []


def moments(event, limit: int = 60) -> list[datetime]:
    """Every start of an event, as a calendar would show it."""
    start = event.decoded("dtstart")
    if "rrule" not in event:
        return [start]
    naive = start.replace(tzinfo=None) if isinstance(start, datetime) else datetime.combine(start, time())
    rule = event["rrule"].to_ical().decode().replace("Z", "")
    gone = event.get("exdate")
    excluded = {moment.dt.replace(tzinfo=None) for moment in gone.dts} if gone else set()
    found = rrulestr(rule, dtstart=naive)
    return [m for m, _ in zip((m for m in found if m not in excluded), range(limit), strict=False)]


def days_of(service: Service, today: date = TODAY) -> list[date]:
    return sorted(
        m.date() if isinstance(m, datetime) else m for e in events(service, today) for m in moments(e)
    )


def test_calendar_of_a_session_all_year_when_read_then_repeats_from_the_next_such_day(authority):
    [event] = events(
        with_schedule(authority, closed=["2026-12-28", "2026-12-29"], valid_to=date(2027, 1, 11))
    )
    assert event.decoded("dtstart") == datetime(2026, 11, 30, 16, tzinfo=LONDON)
    assert event.decoded("dtend") == datetime(2026, 11, 30, 17, 30, tzinfo=LONDON)
    assert [m.date().isoformat() for m in moments(event)] == [
        "2026-11-30", "2026-12-07", "2026-12-14", "2026-12-21", "2027-01-04", "2027-01-11",
    ]  # fmt: skip
    assert event.decoded("url") == PAGE
    assert str(event["summary"]) == "Saturday club"


def test_calendar_of_a_session_in_term_time_when_terms_are_known_then_leaves_out_the_holidays(authority):
    with_terms(authority)
    service = with_schedule(authority, when=SessionWhen.TERM_TIME)
    days = days_of(service)
    assert date(2026, 12, 14) in days
    assert date(2027, 1, 4) in days
    assert not [day for day in days if date(2026, 12, 19) <= day <= date(2027, 1, 3)]
    assert not [day for day in days if date(2027, 2, 13) <= day <= date(2027, 2, 21)]
    assert max(days) <= date(2027, 3, 25)


def test_calendar_of_a_session_in_the_holidays_when_terms_are_known_then_has_only_the_gaps(authority):
    with_terms(authority)
    days = days_of(with_schedule(authority, when=SessionWhen.SCHOOL_HOLIDAYS, days=["TU", "WE"]))
    assert [day.isoformat() for day in days] == [
        "2026-12-22", "2026-12-23", "2026-12-29", "2026-12-30", "2027-02-16", "2027-02-17",
    ]  # fmt: skip


def test_calendar_in_term_time_when_no_terms_are_known_then_says_that_it_is_unsure(authority):
    [event] = events(with_schedule(authority, when=SessionWhen.TERM_TIME))
    assert UNSURE in str(event["description"])


def test_calendar_in_the_holidays_when_no_terms_are_known_then_there_is_none(client, authority):
    service = with_schedule(authority, when=SessionWhen.SCHOOL_HOLIDAYS)
    assert events(service) == []
    assert client.get(f"/services/{service.pk}/sessions.ics").status_code == 404


def test_calendar_of_another_councils_terms_when_read_then_they_do_not_count(authority):
    with_terms(make_authority("Easterbrook Council", "easterbrook.example.org"))
    [event] = events(with_schedule(authority, when=SessionWhen.TERM_TIME))
    assert UNSURE in str(event["description"])


def test_calendar_when_terms_change_then_the_next_reader_sees_it(authority):
    service = with_schedule(authority, when=SessionWhen.SCHOOL_HOLIDAYS)
    assert not days_of(service)
    with_terms(authority)
    assert days_of(service)
    SchoolTerm.objects.all()[0].delete()
    assert min(days_of(service)) > date(2027, 2, 1)


def test_calendar_when_days_are_added_then_each_is_an_event_of_its_own(authority):
    service = with_schedule(authority, days=[], extra=["2026-01-01", "2026-12-05", "2026-12-12/2026-12-13"])
    assert [day.isoformat() for day in days_of(service)] == ["2026-12-05", "2026-12-12", "2026-12-13"]


def test_calendar_when_it_is_over_then_there_is_none_and_when_it_is_to_come_then_starts_then(authority):
    assert events(with_schedule(authority, valid_to=date(2026, 11, 1))) == []
    assert min(days_of(with_schedule(authority, valid_from=date(2027, 6, 1)))) == date(2027, 6, 7)


def test_calendar_without_hours_when_read_then_is_the_whole_day(authority):
    [event] = events(
        with_schedule(authority, opens=None, closes=None, valid_to=date(2026, 12, 7), closed=["2026-12-07"])
    )
    assert event.decoded("dtstart") == date(2026, 11, 30)
    assert "dtend" not in event
    assert event["exdate"].dts[0].dt == date(2026, 12, 7)


def test_calendar_of_a_night_away_when_read_then_ends_on_the_next_day(authority):
    [event] = events(with_schedule(authority, opens=time(18), closes=time(10)))
    assert event.decoded("dtend") - event.decoded("dtstart") == timedelta(hours=16)


def test_calendar_when_summer_time_begins_then_the_hour_on_the_wall_stays(authority):
    content = calendar_of(with_schedule(authority), address=PAGE, today=TODAY).decode()
    assert "DTSTART;TZID=Europe/London:20261130T160000" in content
    assert "BEGIN:VTIMEZONE" in content


HOSTILE = "Club\r\nEND:VEVENT\r\nBEGIN:VALARM\x00;,\\ “ünï” 👩‍👧 <script>" + "x" * 100


def test_calendar_when_texts_are_hostile_then_no_line_is_theirs(authority):
    # PostgreSQL keeps no NUL at all.
    kept = HOSTILE if connection.vendor == "sqlite" else HOSTILE.replace("\x00", "")
    place = make_location(authority, name=kept, address_1=kept)
    service = with_schedule(authority, name=kept, note=kept, locations=(place,))
    content = calendar_of(service, address=PAGE, today=TODAY)
    lines = content.split(b"\r\n")
    assert lines.count(b"BEGIN:VEVENT") == lines.count(b"END:VEVENT") == 1
    assert b"X-WR-CALNAME:Club END:VEVENT BEGIN:VALARM\\;\\,\\\\" in content
    assert b"END:VALARM" not in lines
    assert b"BEGIN:VALARM" not in lines
    assert b"\x00" not in content
    assert all(len(line) <= 75 for line in lines)
    assert "ünï" in str(Calendar.from_ical(content).walk("VEVENT")[0]["summary"])


def test_calendar_address_when_fetched_then_is_a_file_and_only_of_what_is_visible(client, authority):
    service = with_schedule(authority)
    response = client.get(f"/services/{service.pk}/sessions.ics")
    assert response.status_code == 200
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert response["Content-Disposition"] == 'attachment; filename="saturday-club.ics"'
    assert client.post(f"/services/{service.pk}/sessions.ics").status_code == 405
    Service.objects.update(live=False)
    assert client.get(f"/services/{service.pk}/sessions.ics").status_code == 404
    assert client.get("/services/999999/sessions.ics").status_code == 404


DAY = st.dates(date(2026, 1, 1), date(2028, 12, 31))


@given(
    days=st.lists(st.sampled_from(["MO", "TU", "WE", "TH", "FR", "SA", "SU", "XX"]), max_size=8),
    when=st.sampled_from(SessionWhen.values),
    ends=st.none() | DAY,
    starts=st.none() | DAY,
    closed=st.lists(DAY.map(date.isoformat), max_size=5),
    marks=st.lists(DAY, max_size=8, unique=True),
    today=DAY,
)
def test_runs_when_anything_is_given_then_each_starts_on_its_day_and_stays_inside(
    days, when, ends, starts, closed, marks, today
):
    marks = sorted(marks)
    terms = [Span(a, b) for a, b in zip(marks[::2], marks[1::2], strict=False)]
    sitting = Schedule(days=days, when=when, valid_from=starts, valid_to=ends, closed=closed)
    for run in sessions.runs(sitting, terms, today):
        assert run.first >= max(today, starts or today)
        assert run.last is None or run.first <= run.last
        assert ends is None or (run.last is not None and run.last <= ends)
        assert run.first.strftime("%a")[:2].upper() in run.weekdays
        assert not [day for day in run.without if day < run.first]
        if when == SessionWhen.SCHOOL_HOLIDAYS:
            assert not [term for term in terms if term.holds(run.first)]


def test_holidays_when_two_terms_are_a_weekend_apart_then_that_is_none():
    terms = [Span(date(2026, 9, 1), date(2026, 9, 4)), Span(date(2026, 9, 7), date(2026, 10, 23))]
    assert school_terms.holidays(terms) == []


def test_term_when_it_overlaps_or_ends_before_it_starts_then_is_refused(admin_client, authority):
    with_terms(authority)
    add = "/admin/services/school-term/add/"
    for starts, ends, words in [
        ("2026-12-01", "2026-12-24", "These days run into"),
        ("2027-05-01", "2027-04-01", "The last day must be the first day, or later."),
        ("2027-05-01", "2028-05-01", "No term is this long."),
    ]:
        response = admin_client.post(add, {"name": "Summer", "starts": starts, "ends": ends})
        assert words in response.content.decode()
    assert SchoolTerm.objects.count() == len(TERMS)
    admin_client.post(add, {"name": "Summer", "starts": "2027-04-12", "ends": "2027-05-28"})
    assert SchoolTerm.objects.count() == len(TERMS) + 1
    assert "Summer" in admin_client.get("/admin/services/school-term/").content.decode()
