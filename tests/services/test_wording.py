"""One fact, one wording."""

from datetime import date, time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.wording import (
    age_words,
    cost_words,
    day_words,
    hour_words,
    phone_link,
    session_words,
    wait_words,
    web_link,
)


@pytest.mark.parametrize(
    ("youngest", "oldest", "words"),
    [
        (5, 17, "5 to 17"),
        (0, 5, "0 to 5"),
        (7, 7, "7"),
        (14, None, "14 and over"),
        (None, 11, "Up to 11"),
        (None, None, "Not stated"),
    ],
)
def test_age_when_worded_then_reads_plainly(youngest, oldest, words):
    assert age_words(youngest, oldest) == words


@pytest.mark.parametrize(
    ("kind", "amount", "note", "words"),
    [
        ("free", None, "", "Free"),
        ("free", Decimal(0), "Travel help may be given.", "Free. Travel help may be given."),
        ("charged", Decimal("6.8"), "An hour. Some hours cost less.", "£6.80 an hour. Some hours cost less."),
        ("charged", Decimal(32), "£32 a day. The fifth day is free.", "£32 a day. The fifth day is free."),
        ("charged", Decimal(5), "Ask about help.", "£5. Ask about help."),
        ("charged", None, "", "You pay"),
        ("charged", Decimal("1250.00"), "", "£1,250"),
        ("subsidised", Decimal(7), "A session", "£7 a session. Some help with cost."),
        ("subsidised", None, "", "Some help with cost"),
        ("not_stated", None, "", "Not stated"),
        ("not_stated", Decimal(3), "", "Not stated"),
        ("nonsense", None, "", "Not stated"),
    ],
)
def test_cost_when_worded_then_says_what_was_stated(kind, amount, note, words):
    assert cost_words(kind, amount, note) == words


@given(
    kind=st.text(max_size=12) | st.sampled_from(["charged", "subsidised", "personal_budget", "not_stated"]),
    amount=st.none() | st.decimals(min_value=0, max_value=999999, places=2),
)
def test_cost_when_nobody_said_it_is_free_then_is_never_called_free(kind, amount):
    if kind != "free":
        assert "free" not in cost_words(kind, amount, "").lower()


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (["MO", "TU", "WE", "TH", "FR"], "Monday to Friday"),
        (["FR", "MO", "WE"], "Monday, Wednesday and Friday"),
        (["SA", "SU"], "Saturday and Sunday"),
        (["MO", "TU", "WE", "TH", "FR", "SA", "SU"], "Every day"),
        (["MO", "SU", "SA"], "Monday, Saturday and Sunday"),
        (["XX", ""], ""),
        ([], ""),
    ],
)
def test_days_when_worded_then_follow_the_week(days, words):
    assert day_words(days) == words


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (time(9), "9am"),
        (time(12), "midday"),
        (time(12, 30), "12:30pm"),
        (time(15, 5), "3:05pm"),
        (time(0), "12am"),
        (time(23, 59), "11:59pm"),
    ],
)
def test_hour_when_worded_then_has_no_24_hour_clock(moment, words):
    assert hour_words(moment) == words


@pytest.mark.parametrize(
    ("session", "words"),
    [
        (
            (["MO", "TU"], time(10), time(15, 30), "school_holidays"),
            "Monday and Tuesday, 10am to 3:30pm, in school holidays",
        ),
        (([], time(9), None, "all_year"), "From 9am, all year"),
        (([], None, time(17), "term_time"), "Until 5pm, in term time"),
        ((["SA"], None, None, "nonsense", "First of the month."), "Saturday. First of the month."),
        (([], None, None, ""), ""),
    ],
)
def test_session_when_worded_then_reads_in_a_line(session, words):
    assert session_words(*session) == words


@pytest.mark.parametrize(
    ("phone", "link"),
    [
        ("0117 496 0641", "tel:+441174960641"),
        ("+44 117 496 0641", "tel:+441174960641"),
        ("(0117) 496-0641 ext. 12", "tel:+441174960641"),
        ("111", "tel:111"),
        ("ask at the desk", ""),
        ("12", ""),
        ("", ""),
    ],
)
def test_phone_when_linked_then_is_one_number(phone, link):
    assert phone_link(phone) == link


@given(st.text(max_size=60))
def test_phone_link_whatever_is_typed_then_holds_digits_only(phone):
    link = phone_link(phone)
    assert not link or link.removeprefix("tel:").lstrip("+").isascii()


@given(st.text(max_size=80) | st.from_regex(r"(https?|javascript|ftp|data):[^\s]{0,40}", fullmatch=True))
def test_web_link_whatever_is_typed_then_is_http_or_nothing(url):
    link = web_link(url)
    assert not link or link.lower().startswith(("http://", "https://"))


@pytest.mark.parametrize(
    ("weeks", "text", "as_of", "words"),
    [
        (6, "", None, "About 6 weeks."),
        (1, "", None, "About 1 week."),
        (0, "", None, "There is no wait."),
        (6, "About 6 weeks for a full day.", None, "About 6 weeks for a full day."),
        (6, "16 weeks for boys.", None, "About 6 weeks. 16 weeks for boys."),
        (0, "No wait", None, "No wait"),
        (None, "Ask us", date(2026, 6, 3), "Ask us. Looked at on 3 June 2026."),
        (None, "", date(2026, 6, 3), ""),
    ],
)
def test_wait_when_a_number_a_text_or_both_are_known_then_said_once(weeks, text, as_of, words):
    assert wait_words(weeks, text, as_of) == words
