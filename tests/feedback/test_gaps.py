"""The gaps register: searches, comments and empty cells joined, decided on, given to commissioners."""

import csv
import io

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from wagtail import hooks

from feedback import gap_cells, gaps, moderation
from feedback.enums import Consent, GapKind, GapStatus, Topic
from feedback.gate import ChangedMeanwhile, Refused
from feedback.models import Gap, GapNote
from localoffer.signals import gap_found
from search.models import SearchCount
from services.enums import Scope
from tests.factories import (
    make_authority,
    make_comment,
    make_location,
    make_moderator,
    make_need,
    make_published,
    make_service,
    make_user,
)
from tests.feedback.record import make_staffed_site, make_writer

pytestmark = pytest.mark.django_db


@pytest.fixture
def site():
    return make_staffed_site()


def cells(site) -> set[tuple[str, str, str]]:
    return {(row.need, row.ages, row.area) for row in gap_cells.empty(site, gaps.Found)}


# -- cells -------------------------------------------------------------------------------


def test_cells_when_nobody_helps_at_an_age_then_one_gap_for_everywhere(site):
    near = make_location(site, postcode="BS5 6RJ")
    make_service(site, needs=("ASD",), min_age=5, max_age=10, locations=(near,))
    assert cells(site) == {
        ("ASD", band, gap_cells.EVERYWHERE) for band in ("0 to 4", "11 to 15", "16 to 18", "19 to 25")
    }


def test_cells_when_help_is_far_from_one_area_then_only_that_area(site):
    near = make_location(site, postcode="BS5 6RJ")
    far = make_location(site, postcode="BS48 1AA", latitude=51.43, longitude=-2.76)
    make_service(site, needs=("ASD",), min_age=0, max_age=25, locations=(near,))
    make_service(site, needs=(), locations=(far,))
    assert cells(site) == {("ASD", band, "BS48") for band in gap_cells.AGE_BANDS}


@pytest.mark.parametrize(
    ("fields", "helps"),
    [
        ({"scope": Scope.LOCAL}, True),  # it comes to the family
        ({"scope": Scope.NATIONAL}, False),  # a helpline is no club
        ({"scope": Scope.REGIONAL}, False),  # no place that we know
        ({"scope": Scope.LOCAL, "live": False}, False),
    ],
)
def test_cells_when_a_service_has_no_place_then_it_helps_if_it_is_local_and_live(site, fields, helps):
    make_need("ASD")
    make_service(site, locations=(make_location(site),))
    make_service(site, needs=("ASD",), min_age=0, max_age=25, **fields)
    assert (cells(site) == set()) is helps


def test_cells_when_a_need_is_retired_or_none_of_its_own_then_no_gap(site):
    make_need("OLD", retired=True)
    make_need("OTH")
    make_service(site, locations=(make_location(site),))
    assert cells(site) == set()


@given(st.integers(0, 25), st.integers(0, 25))
def test_bands_when_any_age_then_exactly_one_band_holds_it(age, other):
    assert sum(first <= age <= last for first, last in gap_cells.AGE_BANDS.values()) == 1


# -- looking -----------------------------------------------------------------------------


def failed(site, since):
    return [("Trampoline  club", 4), ("trampoline club", 3), ("private words", 2), ("", 90)]


def test_look_when_all_three_speak_then_joined_and_small_searches_stay_out(site):
    make_published(site, topic=Topic.MISSING, public_text="There is no club for teenagers.")
    make_published(site, topic=Topic.OTHER)
    make_need("ASD")
    make_service(site, locations=(make_location(site),))
    with hooks.register_temporarily("localoffer_failed_searches", failed):
        found = gaps.look(authority=site)
    assert found.new == 1 + 1 + len(gap_cells.AGE_BANDS)
    search = Gap.objects.get(kind=GapKind.SEARCH)
    assert (search.title, search.count) == ("trampoline club", 7)
    comment = Gap.objects.get(kind=GapKind.COMMENT)
    assert comment.words == "There is no club for teenagers."
    assert not Gap.objects.filter(words__contains="private").exists()


def test_look_when_the_search_log_has_failed_searches_then_those_above_the_threshold(site):
    for words, failed_times in (("hydro pool", 6), ("private words", 4)):
        SearchCount.objects.create(
            authority=site, day=timezone.localdate(), words=words, searches=9, failed=failed_times
        )
    gaps.look(authority=site)
    assert list(Gap.objects.values_list("title", "count", "kind")) == [("hydro pool", 6, GapKind.SEARCH)]


def test_look_when_a_comment_is_not_public_then_its_words_stay_out(site):
    make_comment(site, topic=Topic.MISSING, text="My son Zebedee has no club.")
    counted = make_comment(site, topic=Topic.MISSING, consent=Consent.COUNT_ONLY, text="Nor my Zoe.")
    moderation.count(comment=counted, by=make_moderator(), version=1, response="Thank you.")
    assert gaps.look(authority=site).new == 0


def test_look_when_repeated_then_nothing_twice_and_what_staff_decided_stays(site):
    make_published(site, topic=Topic.MISSING)
    gaps.look(authority=site)
    gap = Gap.objects.get()
    gaps.change(
        gap=gap, by=make_moderator("m"), version=gap.version, status=GapStatus.LOOKING, text="We ask."
    )
    assert gaps.look(authority=site).new == 0
    gap.refresh_from_db()
    assert gap.status == GapStatus.LOOKING
    assert GapNote.objects.count() == 1


def test_look_when_a_closed_gap_vanishes_and_comes_back_then_new_again(site):
    make_need("ASD")
    make_service(site, locations=(make_location(site),))
    gaps.look(authority=site)
    gap = Gap.objects.first()
    gaps.change(
        gap=gap, by=make_moderator(), version=gap.version, status=GapStatus.CLOSED, text="A club opened."
    )
    club = make_service(site, needs=("ASD",), min_age=0, max_age=25, locations=(make_location(site),))
    assert gaps.look(authority=site).gone == len(gap_cells.AGE_BANDS)
    gap.refresh_from_db()
    assert (gap.is_found, gap.status) == (False, GapStatus.CLOSED)
    club.live = False
    club.save()
    gaps.look(authority=site)
    gap.refresh_from_db()
    assert (gap.is_found, gap.status) == (True, GapStatus.NEW)
    assert gap.notes.first().text == "It is missing again."


def test_look_when_many_cells_then_queries_do_not_grow_with_services(site, django_assert_max_num_queries):
    place = make_location(site)
    for number in range(6):
        make_service(site, needs=("ASD",), min_age=number, max_age=number, locations=(place,))
    gaps.look(authority=site)
    with django_assert_max_num_queries(12 + 4 * Gap.objects.count()):
        gaps.look(authority=site)


def test_command_when_run_then_says_what_it_found(site, capsys):
    make_published(site, topic=Topic.MISSING)
    call_command("find_gaps")
    assert "1 new" in capsys.readouterr().out
    with pytest.raises(CommandError):
        call_command("find_gaps", least=0)


# -- from search -----------------------------------------------------------------------------


def test_signal_when_search_tells_of_a_gap_then_kept_once_and_its_address_given(site):
    for number in (12, 15):
        answers = gap_found.send(
            sender=None,
            authority=site,
            words="hydro  pool",
            searches=number,
            note="Asked at the hub.",
            by=None,
        )
    gap = Gap.objects.get()
    assert [answer for _, answer in answers if answer] == [reverse("feedback_gaps:edit", args=[gap.pk])]
    assert (gap.kind, gap.count, gap.title) == (GapKind.SEARCH, 15, "hydro pool")
    assert "Asked at the hub." in gap.words


# -- deciding -----------------------------------------------------------------------------


@pytest.mark.parametrize("status", [GapStatus.CLOSED, GapStatus.NO_GAP])
def test_change_when_it_is_ended_without_a_reason_then_refused(site, status):
    gap = gaps.report(authority=site, title="A pool")
    with pytest.raises(Refused) as error:
        gaps.change(gap=gap, by=make_moderator(), version=gap.version, status=status)
    assert error.value.field == "note"


def test_change_when_somebody_was_quicker_then_told_and_nothing_overwritten(site):
    gap = gaps.report(authority=site, title="A pool")
    by = make_moderator()
    gaps.change(gap=gap, by=by, version=1, owner_role="Commissioner")
    with pytest.raises(ChangedMeanwhile):
        gaps.change(gap=gap, by=by, version=1, owner_role="Somebody else")
    gap.refresh_from_db()
    assert gap.owner_role == "Commissioner"


def test_admin_when_an_editor_works_on_a_gap_then_each_step_is_kept(site, client):
    client.force_login(make_writer())
    response = client.post(
        reverse("feedback_gaps:add"), {"title": "A pool", "words": "Three families asked."}
    )
    gap = Gap.objects.get()
    assert response.status_code == 302
    edit = reverse("feedback_gaps:edit", args=[gap.pk])
    assert "Three families asked." in client.get(edit).content.decode()
    data = {"title": "A pool", "status": "closed", "owner_role": "Commissioner", "version": gap.version}
    assert "Say why in the note" in client.post(edit, data).content.decode()
    client.post(edit, {**data, "note": "The school opens its pool."})
    gap.refresh_from_db()
    assert gap.status == GapStatus.CLOSED
    assert "The school opens its pool." in client.get(edit).content.decode()
    stale = client.post(edit, {**data, "status": "new"}).content.decode()
    assert "Somebody changed this gap" in stale


def test_admin_when_looking_and_exporting_then_safe_files_filtered_as_the_list(site, client):
    client.force_login(make_writer())
    gaps.report(authority=site, title="=SUM(A1)", words="x")
    done = gaps.report(authority=site, title="A pool")
    gaps.change(gap=done, by=make_moderator(), version=1, status=GapStatus.CLOSED, text="It is open.")
    gaps.report(authority=make_authority("Otherton", "otherton.example"), title="Elsewhere")
    assert client.post(reverse("feedback_gaps:look")).status_code == 302
    assert client.get(reverse("feedback_gaps:index")).status_code == 200
    export = reverse("feedback_gaps:export", args=["csv"])
    rows = list(csv.reader(io.StringIO(client.get(export).getvalue().decode("utf-8-sig"))))
    assert {row[0] for row in rows[1:]} == {"'=SUM(A1)", "A pool"}
    closed = client.get(export, {"status": "closed"}).getvalue().decode()
    assert "It is open." in closed
    assert "SUM" not in closed
    assert client.get(reverse("feedback_gaps:export", args=["xlsx"])).getvalue()[:2] == b"PK"
    assert client.get(reverse("feedback_gaps:export", args=["exe"])).status_code == 404


def test_admin_when_not_allowed_then_neither_list_nor_file(site, client):
    user = make_user("stranger", groups=["Forum editor"])
    client.force_login(user)
    for address in (reverse("feedback_gaps:index"), reverse("feedback_gaps:export", args=["csv"])):
        assert client.get(address).status_code in (302, 403)
    assert client.post(reverse("feedback_gaps:look")).status_code in (302, 403)


def test_figures_when_some_are_gone_unread_then_not_counted(site):
    gaps.report(authority=site, title="A pool")
    gone = gaps.report(authority=site, title="A club")
    Gap.objects.filter(pk=gone.pk).update(is_found=False)
    assert gaps.figures(site) == [{"words": "New", "count": 1}]
    assert timezone.localdate() == Gap.objects.get(pk=gone.pk).first_seen
