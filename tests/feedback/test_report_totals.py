"""Whatever happened to comments, the yearly report and the public log tell the same numbers."""

from datetime import date, timedelta

from django.http import QueryDict
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from feedback import annual_figures, moderation, privacy
from feedback.annual_period import ReportPeriod
from feedback.enums import Consent, Disposition, Topic
from feedback.gate import Refused
from feedback.log import LogQuery, read_log
from feedback.models import Comment
from tests.factories import make_action, make_comment, make_home, make_moderator

FIRST = date(2024, 9, 1)
WHOLE = ReportPeriod(FIRST, FIRST + timedelta(days=799))
GROUNDS = (
    Disposition.WITHHELD_INDIVIDUAL,
    Disposition.WITHHELD_VEXATIOUS,
    Disposition.OUTSIDE_SCOPE,
    Disposition.SPAM,
)
STEPS = (
    "publish",
    "answer_later",
    "group",
    "count",
    "withhold",
    "confirm",
    "refuse",
    "reopen",
    "flag",
    "erase",
)

received = st.tuples(
    st.just("receive"), st.integers(0, 799), st.sampled_from(Consent.values), st.sampled_from(Topic.values)
)
moderated = st.tuples(
    st.sampled_from(STEPS), st.integers(0, 30), st.integers(0, 30), st.sampled_from(GROUNDS)
)
histories = st.lists(st.one_of(received, moderated, moderated), min_size=1, max_size=18)


class ReportTotalsTests(TestCase):
    """Each history starts from an empty log."""

    @settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(history=histories, cut=st.integers(1, 798))
    def test_report_when_any_history_then_its_totals_are_those_of_the_log(self, history, cut):
        site = make_home().get_site()
        first, second = make_moderator("first"), make_moderator("second")
        action = make_action(site, by=first)
        for step, a, b, c in history:
            if step == "receive":
                make_comment(site, received_on=FIRST + timedelta(days=a), consent=b, topic=c)
            else:
                take(step, a, b, c, people=(first, second), action=action, site=site)
        self.same_as_the_log(site)
        self.parts_add_up(site, cut)

    def same_as_the_log(self, site) -> None:
        report = annual_figures.count(site, WHOLE)
        log = read_log(site, LogQuery.parse(QueryDict("")))
        assert (report["received"], report["shown"], report["being_read"]) == (
            log.received,
            log.shown,
            log.being_read,
        )
        assert {row["why"]: row["count"] for row in report["not_shown"]} == {
            reason.why: reason.count for reason in log.not_shown
        }
        assert log.received == log.shown + log.not_shown_total + log.being_read
        assert len(report["entries"]) == log.entry_count
        assert sum(entry["people"] for entry in report["entries"]) == log.shown
        assert sum(topic["count"] for topic in report["topics"]) == report["received"]
        assert report["answers"]["answered"] + report["answers"]["waiting"] >= log.shown

    def parts_add_up(self, site, cut: int) -> None:
        """Two reports that follow one another tell of every comment once."""
        middle = FIRST + timedelta(days=cut)
        parts = [
            annual_figures.count(site, ReportPeriod(FIRST, middle - timedelta(days=1))),
            annual_figures.count(site, ReportPeriod(middle, WHOLE.end)),
        ]
        whole = annual_figures.count(site, WHOLE)
        for key in ("received", "shown", "being_read"):
            assert sum(part[key] for part in parts) == whole[key]


def take(step, which, other, ground, *, people, action, site) -> None:
    """One step by a moderator; what is refused changes nothing."""
    comments = list(Comment.objects.of(site).order_by("pk"))
    if not comments:
        return
    first, second = people
    comment, lead = comments[which % len(comments)], comments[other % len(comments)]
    given_step = {"comment": comment, "by": first, "version": comment.version}
    show = {"public_text": "Somebody said so.", "nobody_identifiable": True, "note": "Made shorter."}
    steps = {
        "publish": lambda: moderation.publish(**given_step, **show, action=action),
        "answer_later": lambda: moderation.publish(**given_step, **show),
        "group": lambda: moderation.group(**given_step, lead=lead),
        "count": lambda: moderation.count(**given_step, action=action),
        "withhold": lambda: moderation.withhold(**given_step, ground=ground, reason="It names one child."),
        "confirm": lambda: moderation.confirm_withholding(**{**given_step, "by": second}, agrees=True),
        "refuse": lambda: moderation.confirm_withholding(**given_step, agrees=False, reason="It is fair."),
        "reopen": lambda: moderation.reopen(**given_step, reason="Read it again."),
        "flag": lambda: moderation.flag_safeguarding(**given_step, on=True, reason="It tells of harm."),
        "erase": lambda: privacy.CommentSubject().erase(
            site=site, keys=[comment.reference], by=first, reason="They asked."
        ),
    }
    try:
        steps[step]()
    except Refused:
        return
