"""The public log: true counts, lawful silence, no identity, and no bad question that breaks it."""

from datetime import date

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from feedback import answers, entries, moderation
from feedback.enums import ActionStatus, Consent, Disposition, Role, Topic
from feedback.log import FACETS, LogQuery, read_log, school_year
from feedback.models import Comment
from tests.factories import (
    make_action,
    make_authority,
    make_comment,
    make_moderator,
    make_published,
    make_service,
)

pytestmark = pytest.mark.django_db
LOG = "/have-your-say/comments/"
HOSTILE = '<script>alert("x")</script><img src=x onerror=alert(1)> {{ 7|add:7 }}'


@pytest.fixture
def moderator(authority):
    return make_moderator()


def read(query="", authority=None, today=None):
    return read_log(authority or make_authority(), LogQuery.parse(QueryDict(query)), today)


def counts(log, key):
    facet = next(facet for facet in log.facets if facet.key == key)
    return {value.key: value.count for value in facet.values}


@pytest.fixture
def some(moderator):
    """Three published alone, two together, one counted, one withheld, one new."""
    done = make_action(
        title="Buses",
        status=ActionStatus.DONE,
        done_on=date(2026, 1, 5),
        response="We wrote the bus page again.",
    )
    make_published(topic=Topic.MISSING, section="transport", role=Role.YOUNG_PERSON, action=done)
    make_published(topic=Topic.MISSING, section="health", action=make_action(title="Waits"))
    make_published(
        topic=Topic.ACCESSIBILITY,
        section="health",
        response="Thank you.",
        public_text="Kind words on the signing film.",
    )
    lead = make_published(topic=Topic.MISSING, section="transport", action=done, for_several=True)
    other = make_comment(topic=Topic.OTHER, section="transport", role=Role.PROFESSIONAL)
    moderation.group(comment=other, by=moderator, version=1, lead=lead)
    silent = make_comment(consent=Consent.COUNT_ONLY)
    moderation.count(comment=silent, by=moderator, version=1, action=done)
    private = make_comment()
    moderation.withhold(
        comment=private, by=moderator, version=1, ground=Disposition.WITHHELD_INDIVIDUAL, reason="One plan."
    )
    make_comment()


# -- counts ----------------------------------------------------------------------


def test_log_when_nothing_is_asked_then_every_comment_is_accounted_for(some):
    log = read()
    assert (log.received, log.shown, log.not_shown_total, log.being_read) == (8, 5, 2, 1)
    assert log.received == log.shown + log.not_shown_total + log.being_read
    assert (log.count, log.entry_count, len(log.cards)) == (5, 4, 4)
    assert {reason.count for reason in log.not_shown} == {1}


def test_log_when_filtered_then_counts_leave_their_own_filter_aside(some):
    log = read("topic=missing&status=done")
    assert log.count == 2
    assert counts(log, "topic") == {"missing": 2, "other": 1}
    assert counts(log, "status") == {"done": 2, "planned": 1}
    assert counts(log, "section") == {"transport": 2}


def test_log_when_two_values_of_one_filter_are_chosen_then_either_fits(some):
    assert read("section=transport&section=health").count == 5
    assert read("section=transport&topic=accessibility").count == 0


def test_log_when_one_of_a_group_fits_then_the_entry_shows_and_that_one_is_counted(some):
    log = read("who=professional")
    assert (log.count, log.entry_count) == (1, 1)
    assert log.cards[0].people == 2


@pytest.mark.parametrize(
    ("words", "entries_found"),
    [
        ("bus again", 2),
        ("BUS", 2),
        ("signing film", 1),
        ("signing bus", 0),
        ("%", 0),
        ("_", 0),
        ("' OR 1=1", 0),
    ],
)
def test_log_when_words_are_asked_for_then_in_comment_or_answer_all_of_them(some, words, entries_found):
    query = QueryDict(mutable=True)
    query["q"] = words
    assert read_log(make_authority(), LogQuery.parse(query)).entry_count == entries_found


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(
            st.sampled_from([facet.key for facet in FACETS]),
            st.sampled_from(
                ["missing", "other", "done", "planned", "transport", "health", "parent_carer", "2026"]
            ),
        ),
        max_size=4,
    )
)
def test_facets_when_any_filters_are_chosen_then_each_count_is_what_choosing_it_gives(some, chosen):
    query = QueryDict(mutable=True)
    for key, value in chosen:
        query.appendlist(key, value)
    log = read_log(make_authority(), LogQuery.parse(query))
    for facet in log.facets:
        for value in facet.values:
            only = query.copy()
            only.setlist(facet.key, [value.key])
            assert read_log(make_authority(), LogQuery.parse(only)).count == value.count


def test_log_when_sorted_then_latest_newest_or_due_first(moderator):
    late = make_published(
        received_on=date(2026, 5, 1),
        action=make_action(target_date=date(2098, 1, 1)),
        public_text="Due first",
    )
    make_published(received_on=date(2026, 6, 1), response="Yes.", public_text="Newest")
    assert read("sort=due").cards[0].reference == late.reference
    assert read("sort=newest").cards[0].said == "Newest"
    answers.change_action(action=late.action, by=moderator, version=1, title="Touched")
    assert read("sort=nonsense").query.sort == "change"


def test_log_when_another_authority_has_comments_then_they_are_not_here(client, some):
    other = make_authority("Otherton Council", "otherton.example")
    make_published(other, public_text="Only in Otherton")
    assert read(authority=other).received == 1
    assert read().received == 8
    assert "Only in Otherton" not in client.get(LOG).content.decode()
    entry = Comment.objects.get(public_text="Only in Otherton")
    assert client.get(entry.get_absolute_url()).status_code == 404


def test_log_when_there_are_many_then_in_pages(client, moderator):
    for number in range(23):
        make_published(response="Yes.", public_text=f"Comment number {number}")
    first, second = client.get(LOG).content.decode(), client.get(LOG, {"page": 2}).content.decode()
    assert first.count("<article") == 20
    assert second.count("<article") == 3
    assert "page 2" in BeautifulSoup(second, "html.parser").title.get_text()


# -- lawful silence and identity --------------------------------------------------------


def test_log_when_comments_are_not_published_then_no_word_of_them(client, some):
    secret = make_comment(text="The unpublished words", email="secret@example.org", phone="0117 496 0123")
    for address in (LOG, secret.get_absolute_url(), f"{LOG}?q=unpublished"):
        page = client.get(address).content.decode()
        assert "The unpublished words" not in page
        assert "secret@example.org" not in page
        assert "496 0123" not in page


def test_log_when_published_then_the_month_and_never_the_day(client, moderator):
    make_published(received_on=date(2026, 4, 23), response="Yes.")
    page = client.get(LOG).content.decode()
    assert "April 2026" in page
    assert "23 April" not in page
    assert "2026-04-23" not in page


def test_entry_when_html_was_written_then_it_is_shown_as_text(client, moderator):
    comment = make_published(public_text=HOSTILE, heading="<b>x</b>", response=HOSTILE)
    for address in (LOG, comment.get_absolute_url()):
        page = BeautifulSoup(client.get(address).content, "html.parser")
        assert page.select("main script") == []
        assert page.select("main img") == []
        assert "{{ 7|add:7 }}" in page.get_text()


@pytest.mark.parametrize(
    ("ground", "words"),
    [
        (Disposition.WITHHELD_INDIVIDUAL, "one person’s own help"),
        (Disposition.OUTSIDE_SCOPE, "not about this site"),
        (Disposition.SPAM, "advert"),
    ],
)
def test_entry_when_withheld_then_the_writer_reads_why_and_is_not_indexed(client, moderator, ground, words):
    comment = make_comment(text="The words")
    moderation.withhold(comment=comment, by=moderator, version=1, ground=ground, reason="It names one child.")
    response = client.get(comment.get_absolute_url())
    page = response.content.decode()
    assert words in page
    assert "noindex" in page
    assert "no-store" in response["Cache-Control"]
    assert "The words" not in page
    assert "It names one child." not in page


def test_entry_when_its_comment_is_in_a_group_then_the_group_is_shown(client, some):
    member = Comment.objects.get(together_with__isnull=False)
    page = client.get(member.get_absolute_url()).content.decode()
    assert "put your comment together with theirs" in page
    assert member.together_with.get_absolute_url() in page


def test_entry_when_counted_only_then_our_action_and_not_their_words(client, some):
    silent = Comment.objects.get(consent=Consent.COUNT_ONLY)
    page = client.get(silent.get_absolute_url()).content.decode()
    assert "We have counted your comment" in page
    assert "We wrote the bus page again." in page
    assert silent.original not in page


def test_entry_when_the_number_is_untidy_then_one_address(client, moderator):
    comment = make_published(response="Yes.")
    untidy = reverse("feedback:log_entry", args=[comment.reference.lower()])
    assert client.get(untidy).url == comment.get_absolute_url()
    assert client.get(f"{LOG}HYS-22222-22/").status_code == 404
    assert client.get(f"{LOG}nonsense/").status_code == 404


def test_card_when_what_it_was_about_has_gone_then_the_title_without_a_link(client, moderator):
    from feedback import about

    service = make_service(name="Foxglove Centre")
    place = about.find(service.get_absolute_url(), make_authority())
    comment = make_published(about=place, response="Yes.")
    assert entries.cards([comment])[0].about_url
    service.delete()
    card = entries.cards([Comment.objects.get(pk=comment.pk)])[0]
    assert (card.about_title, card.about_url) == ("Foxglove Centre", "")


# -- words -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"status": "done", "done_on": date(2026, 3, 31)}, "Done, 31 March 2026"),
        ({"status": "under_way", "target_date": date(2027, 1, 29)}, "Under way, due 29 January 2027"),
        (
            {"status": "considering", "target_date": date(2027, 1, 15)},
            "Still deciding, we will decide by 15 January 2027",
        ),
        ({"status": "planned", "target_date": date(2026, 10, 30)}, "Late: was due 30 October 2026"),
        (
            {"status": "planned", "target_date": date(2026, 12, 18), "first_target_date": date(2026, 10, 30)},
            "Late: was due 30 October 2026, now 18 December 2026",
        ),
        ({"status": "not_doing", "reason": "Money"}, "Not doing"),
    ],
)
def test_status_when_put_in_words_then_with_its_dates(fields, words):
    from feedback.models import Action

    assert entries.status_text(Action(**fields), date(2026, 11, 24)) == words


def test_log_when_an_answer_is_overdue_then_late_in_words(moderator):
    make_published(answer_due=date(2026, 1, 1))
    log = read(today=date(2026, 2, 1))
    assert counts(log, "status") == {"late": 1}
    assert log.cards[0].answer.status_text == "Late: our answer was due 1 January 2026"


def test_card_when_not_doing_then_the_reason_comes_first(moderator):
    action = make_action(status=ActionStatus.NOT_DOING, reason="The team is small.", target_date=None)
    paragraphs = entries.cards([make_published(action=action)])[0].answer.paragraphs
    assert (paragraphs[0].begins, paragraphs[0].text) == ("We cannot, because:", "The team is small.")


@pytest.mark.parametrize(
    ("days", "words"),
    [
        ([date(2026, 3, 2)], "March 2026"),
        ([date(2025, 9, 3), date(2025, 7, 8)], "July to September 2025"),
        ([date(2025, 12, 1), date(2026, 3, 1)], "December 2025 to March 2026"),
    ],
)
def test_months_when_said_then_the_span(days, words):
    assert entries.months(days) == words


def test_school_year_when_asked_then_it_turns_on_1_september():
    assert [school_year(date(2026, 8, 31)), school_year(date(2026, 9, 1))] == [2025, 2026]


# -- bad questions, few queries ----------------------------------------------------------


@pytest.mark.parametrize(
    "query",
    [
        "page=9999", "page=-1", "page=x", "page=²", "status=nonsense", "year=abcd", "year=²²²²", "year=99999",
        "sort=%00", "q=%00", "q=" + "a" * 10_000, "q='\"%_\\", "q=%F0%9F%98%80", "q=%D8%B3%D9%84%D8%A7%D9%85",
        "who=&topic=&section=", "nonsense=1", "status=done&status=done", "q=%FF%FE",
    ],
)  # fmt: skip
def test_log_when_the_question_is_bad_then_an_answer_all_the_same(client, some, query):
    assert client.get(f"{LOG}?{query}").status_code == 200


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.dictionaries(
        st.sampled_from(["q", "status", "topic", "section", "who", "year", "sort", "page"]),
        st.text(st.characters(exclude_categories=["Cs"]), max_size=60),
    )
)
def test_log_when_anything_is_asked_then_never_an_error(client, some, query):
    assert client.get(LOG, query).status_code == 200


def queries_of(client, address):
    client.get(address)
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def test_log_when_read_then_few_queries_however_many_entries(client, some):
    few = queries_of(client, LOG)
    for number in range(15):
        make_published(action=make_action(), public_text=f"More {number}")
    assert queries_of(client, LOG) == few <= 8
    assert queries_of(client, f"{LOG}?q=more&status=planned") <= 9


def test_entry_when_read_then_few_queries(client, moderator):
    comment = make_published(action=make_action())
    assert queries_of(client, comment.get_absolute_url()) <= 5


def test_form_when_read_then_few_queries(client, authority):
    assert queries_of(client, "/have-your-say/") <= 2
