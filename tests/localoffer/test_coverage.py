"""What the live evidence for each requirement comes to."""

import json
from datetime import date

import pytest
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command
from wagtail import hooks
from wagtail.documents import get_document_model

from localoffer import coverage
from localoffer.coverage import (
    DirectoryEvidence,
    PageEvidence,
    Status,
    assess,
    audit,
    live_sections,
    page_evidence,
    take_snapshot,
)
from localoffer.models import CoverageSnapshot
from localoffer.regulations import Section, Weight, for_section, get_requirement
from localoffer.signing import sign_off
from tests.factories import answer_block, make_home, make_section, not_applicable_block, not_published_block

TODAY = date(2026, 11, 24)


def held(*specs: str, count: int = 2, fresh: int = 2, of: int = 2) -> dict[str, DirectoryEvidence]:
    return {spec: DirectoryEvidence(spec, count, fresh, of) for spec in specs}


def answered(**fields) -> PageEvidence:
    return PageEvidence("answer", "Health", "/health/#a", **fields)


@pytest.mark.parametrize(
    ("key", "pages", "directory", "expected"),
    [
        ("health.urgent", (), {}, Status.MISSING),
        ("health.urgent", (answered(),), {}, Status.MET),
        ("health.urgent", (answered(review_by=date(2026, 11, 23)),), {}, Status.STALE),
        ("health.urgent", (answered(review_by=TODAY),), {}, Status.MET),
        ("edu.provider.pru", (), held("type:pupil_referral_unit"), Status.MET),
        ("edu.provider.pru", (), held("type:pupil_referral_unit", fresh=0), Status.STALE),
        ("edu.provider.pru", (), held("type:pupil_referral_unit", count=0, fresh=0, of=0), Status.MISSING),
        ("edu.mainstream", (answered(),), {}, Status.PARTLY),
        ("edu.mainstream", (answered(),), held("category:mainstream_school"), Status.MET),
        ("edu.practice.support", (), held("practice.support", count=4, fresh=4, of=10), Status.PARTLY),
        ("edu.practice.support", (), held("practice.support", count=5, fresh=5, of=10), Status.MET),
        ("edu.funding", (answered(document_periods=("2026-27",)),), {}, Status.MET),
        ("edu.funding", (answered(document_periods=("2025-26",)),), {}, Status.STALE),
        ("edu.funding", (answered(),), {}, Status.PARTLY),
        ("edu.s41_list", (answered(),), {}, Status.PARTLY),
        ("edu.s41_list", (answered(has_link=True),), {}, Status.MET),
    ],
)
def test_assess_when_given_evidence_then_the_status_follows(key, pages, directory, expected):
    assert assess(get_requirement(key), pages, directory, TODAY).status is expected


def test_assess_when_declared_not_published_then_missing_whatever_services_say():
    gap = PageEvidence("not_published", "Learning", "/#x", role="Head of SEND", expected_on=date(2027, 1, 1))
    finding = assess(get_requirement("edu.provider.pru"), (gap,), held("type:pupil_referral_unit"), TODAY)
    assert finding.status is Status.MISSING
    assert "Head of SEND, by 1 January 2027" in finding.parts[0].words


@pytest.mark.django_db
def test_audit_when_read_from_pages_then_live_ones_of_this_authority_only():
    home = make_home()
    make_section(
        Section.HEALTH,
        home=home,
        answers=[
            answer_block("health.therapies"),
            answer_block("health.urgent", review_by=date(2020, 1, 1)),
            not_published_block("health.complex"),
            not_applicable_block("health.to_adult"),
        ],
    )
    make_section(Section.TRANSPORT, home=make_home("Other Council", "other.test"))
    make_section(Section.ADVICE, home=home, live=False)
    result = audit(home.get_site(), TODAY)
    status = {f.requirement.key: f.status for f in result.findings}
    assert status["health.urgent"] is Status.STALE
    assert status["health.complex"] is Status.MISSING
    assert status["health.to_adult"] is Status.NOT_APPLICABLE
    assert status["transport.costs"] is Status.MISSING
    assert status["adv.sources"] is Status.MISSING
    assert result.count(section=Section.HEALTH).total() == 8


@pytest.mark.django_db
def test_score_when_advice_is_missing_then_statutory_score_does_not_move():
    home = make_home()
    before = audit(home.get_site(), TODAY).score(Weight.STATUTORY)
    make_section(
        Section.HEALTH, home=home, answers=[answer_block("health.urgent"), answer_block("health.therapies")]
    )
    result = audit(home.get_site(), TODAY)
    assert result.score(Weight.STATUTORY) == before
    assert result.score(Weight.CODE_SHOULD) > 0


@pytest.mark.django_db
def test_page_evidence_when_there_are_eight_sections_then_queries_do_not_grow(django_assert_max_num_queries):
    home = make_home()
    for section in Section:
        make_section(section, home=home)
    with django_assert_max_num_queries(5):
        found = page_evidence(live_sections(home.get_site()))
    assert len(found) == 67
    assert coverage.STATUS_WORDS.keys() == set(Status)


@pytest.mark.django_db
def test_sign_off_when_met_then_green_for_a_year_only():
    home = make_home()
    site = home.get_site()
    make_section(
        Section.HEALTH, home=home, answers=[answer_block("health.urgent"), answer_block("health.therapies")]
    )
    assert audit(site, TODAY).green == 0
    for key, day in (("health.urgent", date(2025, 11, 24)), ("health.complex", date(2026, 11, 1))):
        sign_off(authority=site, requirement=key, name="Offer manager", on=day)
    assert audit(site, TODAY).green == 1
    assert audit(site, date(2026, 11, 25)).green == 0
    assert audit(site, date(2025, 11, 23)).green == 0


def signed_answer(**fields) -> tuple:
    """A signed answer to one requirement: its site, its page and the finding's reader."""
    home = make_home()
    answers = [answer_block("health.urgent", **fields), answer_block("health.therapies")]
    page = make_section(Section.HEALTH, home=home, answers=answers)
    sign_off(authority=home.get_site(), requirement="health.urgent", name="Offer manager", on=TODAY)

    def finding():
        found = audit(home.get_site(), TODAY).findings
        return next(f for f in found if f.requirement.key == "health.urgent")

    return page, finding


@pytest.mark.django_db
def test_sign_off_when_the_words_change_then_it_lapses_and_when_they_return_it_counts():
    page, finding = signed_answer(body="<p>Ring us.</p>")
    assert finding().is_green
    for body, review_by, green in (
        ("<p>Ring them.</p>", None, False),
        ("<p>Ring <b>us</b>.</p>", "2027-01-01", True),
    ):
        page.answers = [
            answer_block("health.urgent", body=body, review_by=review_by),
            answer_block("health.therapies"),
        ]
        page.save(clean=False)
        assert finding().is_green is green
        assert (finding().lapsed_sign_off is None) is green


@pytest.mark.django_db
def test_link_when_somebody_found_it_dead_then_the_answer_is_out_of_date_and_says_which():
    page, finding = signed_answer(body='<p><a href="https://gone.example.org/?a=1&amp;b=2">Ring</a></p>')
    assert finding().status is Status.MET
    asked = []

    def dead(urls):
        asked.append(set(urls))
        return {"https://gone.example.org/?a=1&b=2", "https://elsewhere.example.org/"}

    with hooks.register_temporarily("register_dead_links", dead):
        assert finding().status is Status.STALE
        assert finding().parts[-1].words == "This link does not work: https://gone.example.org/?a=1&b=2"
    assert asked[0] == {"https://gone.example.org/?a=1&b=2"}


@pytest.mark.django_db
def test_document_when_it_left_the_library_then_a_finding_and_the_page_still_reads(client):
    document = get_document_model().objects.create(title="Policy", file=ContentFile(b"%PDF-", "policy.pdf"))
    entry = {"title": "Our policy", "document": document, "url": "", "period": ""}
    page, finding = signed_answer(documents=[entry])
    assert finding().status is Status.MET
    document.delete()
    assert finding().status is Status.STALE
    assert finding().parts[-1].words == "No longer in the library: Our policy"
    assert client.get(page.get_url()).status_code == 200


@pytest.mark.django_db
def test_snapshot_when_taken_twice_a_day_then_one_with_the_later_figures():
    site = make_home().get_site()
    take_snapshot(site, audit(site, TODAY))
    make_section(
        Section.HEALTH,
        home=site.root_page,
        answers=[answer_block("health.urgent"), answer_block("health.therapies")],
    )
    take_snapshot(site, audit(site, TODAY))
    snapshot = CoverageSnapshot.objects.get()
    assert snapshot.statuses["health.urgent"] == "met"
    assert len(snapshot.statuses) == 67


@pytest.mark.django_db
def test_public_page_when_read_then_every_requirement_and_no_unread_citation(client):
    home = make_home()
    make_section(Section.TRANSPORT, home=home)
    response = client.get("/coverage/")
    html = response.content.decode()
    assert html.count('class="card__title"') == 67
    assert "SEND Regulations 2014 Sch 2 para 1(g)" in html
    assert "ss.508B" not in html
    assert "/transport/#transport-arrangements" in html


@pytest.mark.django_db
def test_public_json_when_read_then_every_requirement_with_its_evidence(client):
    make_section(Section.TRANSPORT, home=make_home())
    data = client.get("/coverage.json").json()
    rows = {row["key"]: row for row in data["requirements"]}
    assert len(rows) == 67
    assert rows["transport.using"]["status"] == "partly"
    assert rows["edu.arrangements.identify"]["reference"] is None
    assert {part["part"] for part in rows["transport.using"]["evidence"]} == {
        "page",
        "category:travel_training",
    }


@pytest.mark.django_db
def test_audit_command_when_under_the_floor_then_fails_and_prints_json(capsys):
    make_home()
    call_command("audit_coverage", format="json")
    assert len(json.loads(capsys.readouterr().out)["requirements"]) == 67
    with pytest.raises(CommandError, match="0% of the statutory"):
        call_command("audit_coverage", fail_under=1)
    call_command("audit_coverage", keep=True)
    assert CoverageSnapshot.objects.count() == 1
    with pytest.raises(CommandError, match="No authority is called"):
        call_command("audit_coverage", authority="Nowhere")


@pytest.mark.django_db
def test_audit_when_answers_link_to_kinds_of_service_then_queries_do_not_grow(django_assert_max_num_queries):
    home = make_home()
    for section in Section:
        blocks = [
            answer_block(r.key, service_categories=["short_breaks", "childcare"])
            for r in for_section(section)
        ]
        make_section(section, home=home, answers=blocks)
    site = home.get_site()
    audit(site, TODAY)
    with django_assert_max_num_queries(8):
        audit(site, TODAY)
