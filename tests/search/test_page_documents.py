"""Pages as search sees them, and the index that follows them."""

import pytest
from django.core.management import call_command
from wagtail.models import PageViewRestriction

from localoffer.models import GlossaryPage, GuidancePage, LandingPage, StepByStepPage
from localoffer.regulations import Section
from search import engines, index, page_documents
from search.engines.base import PAGE, Order, Question
from search.models import IndexState
from search.synonyms import Thesaurus
from tests.factories import (
    answer_block,
    make_category,
    make_home,
    make_news,
    make_page,
    make_section,
    make_service,
    make_term,
    not_published_block,
)


@pytest.fixture
def home(db):
    return make_home()


@pytest.fixture
def committed(django_capture_on_commit_callbacks):
    def run(action):
        with django_capture_on_commit_callbacks(execute=True):
            action()

    return run


def found(home, words: str = "") -> list[str]:
    """The addresses of the pages that are found, the best first."""
    engine = engines.current()
    engine.catch_up(IndexState.read())
    concepts = Thesaurus([]).concepts(words)
    question = Question(
        home.get_site().pk, concepts, kind=PAGE, order=Order.RELEVANCE if words else Order.NAME
    )
    return [one.card["url"] for one in engine.search(question).found]


def publish(page):
    page.save_revision().publish()


def test_documents_when_a_section_then_each_answer_has_its_own_address(home):
    answers = [
        answer_block(
            "transport.arrangements", heading="A taxi to school", body="<p>We pay for <b>taxis</b>.</p>"
        ),
        not_published_block("transport.policy_post16"),
    ]
    section = make_section(
        Section.TRANSPORT, home=home, answers=answers, live=False, slug="transport", title="Getting there"
    )
    section.live = True
    section.save(clean=False)
    call_command("rebuild_index")
    taxi = found(home, "taxis")
    assert taxi[0].startswith("/transport/#")
    (card,) = [
        d.card
        for d in page_documents.documents_of_pages([section.pk])
        if d.card["name"] == "A taxi to school"
    ]
    assert (card["kicker"], card["summary"]) == ("Getting there", "We pay for taxis.")
    assert "taxis" not in page_documents.documents_of_pages([section.pk])[0].text["description"]


@pytest.mark.parametrize(
    ("model", "fields", "words"),
    [
        (GuidancePage, {"body": "<p>Ring the zebra team.</p>"}, "zebra"),
        (LandingPage, {"introduction": "Ring the zebra team."}, "zebra"),
        (StepByStepPage, {}, "week 20"),
    ],
)
def test_documents_when_a_page_of_any_type_then_its_words_are_found(home, model, fields, words):
    page = make_page(model, home, **fields)
    call_command("rebuild_index")
    assert found(home, words) == [page.get_url()]


def test_documents_when_a_glossary_then_each_word_leads_to_its_place(home):
    make_page(GlossaryPage, home)
    make_term("EHCP", home.get_site(), expansion="Education, health and care plan")
    call_command("rebuild_index")
    assert found(home, "what is an EHCP")[0] == "/glossary/#word-ehcp"


def test_documents_when_markup_is_in_the_words_then_plain_text_is_kept(home):
    page = make_page(GuidancePage, home, body="<p>Fish &amp; chips &lt;b&gt;</p><p>Peas</p>")
    (document,) = page_documents.documents_of_pages([page.pk])
    assert document.card["summary"] == "Fish & chips <b> Peas"


def test_index_when_a_page_is_published_changed_and_withdrawn_then_search_follows(home, committed):
    page = make_page(GuidancePage, home, body="<p>Owls</p>", live=False)
    committed(lambda: publish(page))
    assert found(home, "owls") == [page.get_url()]
    page.body = "<p>Hawks</p>"
    committed(page.save_revision)
    assert found(home, "owls")
    committed(lambda: publish(page))
    assert (found(home, "owls"), found(home, "hawks")) == ([], [page.get_url()])
    committed(GuidancePage.objects.get(pk=page.pk).unpublish)
    assert found(home) == []


def test_index_when_an_answer_is_cut_then_it_is_not_found(home, committed):
    both = [
        answer_block("adv.sources", body="<p>Owls</p>"),
        answer_block("transport.costs", body="<p>Hawks</p>"),
    ]
    section = make_section(Section.ADVICE, home=home, answers=both, live=False, slug="advice")
    section.live = True
    section.save(clean=False)
    index.refresh_pages([section.pk])
    assert found(home, "hawks")
    section.answers = both[:1]
    section.save(clean=False)
    index.refresh_pages([section.pk])
    assert (len(found(home, "owls")), found(home, "hawks")) == (1, [])


def test_index_when_a_page_moves_or_gets_another_address_then_all_below_it_follow(home, committed):
    above = make_page(GuidancePage, home, slug="above")
    below = make_page(GuidancePage, above, slug="below", body="<p>Owls</p>")
    other = make_page(GuidancePage, home, slug="other")
    call_command("rebuild_index")
    assert found(home, "owls") == ["/above/below/"]
    above.slug = "renamed"
    committed(lambda: publish(above))
    assert found(home, "owls") == ["/renamed/below/"]
    committed(lambda: below.refresh_from_db() or below.move(other, pos="last-child"))
    assert found(home, "owls") == ["/other/below/"]


def test_index_when_a_page_is_deleted_or_closed_then_it_is_not_found(home, committed):
    above = make_page(GuidancePage, home, slug="above")
    make_page(GuidancePage, above, slug="below", body="<p>Owls</p>")
    gone = make_page(GuidancePage, home, body="<p>Hawks</p>")
    call_command("rebuild_index")
    assert found(home, "owls")
    assert found(home, "hawks")
    committed(lambda: PageViewRestriction.objects.create(page=above, restriction_type="login"))
    committed(gone.delete)
    assert (found(home, "owls"), found(home, "hawks")) == ([], [])


def test_index_when_a_word_of_the_glossary_changes_then_search_follows(home, committed):
    make_page(GlossaryPage, home)
    committed(lambda: make_term("EHCP", home.get_site()))
    assert found(home, "EHCP")[0] == "/glossary/#word-ehcp"


def test_index_when_a_kind_of_service_gets_another_name_then_answers_that_lead_to_it_follow(home, committed):
    kind = make_category("short_breaks", label="Short breaks")
    answers = [answer_block("adv.sources", service_categories=["short_breaks"])]
    section = make_section(Section.ADVICE, home=home, answers=answers, live=False, slug="advice")
    section.live = True
    section.save(clean=False)
    call_command("rebuild_index")
    kind.label = "Zebra days"
    committed(kind.save)
    assert len(found(home, "zebra")) == 1


def test_index_when_pages_of_two_authorities_then_each_sees_its_own(home):
    other = make_home("Elsewhere", hostname="elsewhere.example")
    make_page(GuidancePage, home, body="<p>Owls</p>", slug="ours")
    make_page(GuidancePage, other, body="<p>Owls</p>", slug="theirs")
    call_command("rebuild_index")
    assert found(home, "owls") == ["/ours/"]
    assert len(found(other, "owls")) == 1


def test_rebuild_when_pages_and_services_then_both_are_kept(home):
    make_service(home.get_site())
    make_news(home)
    call_command("rebuild_index")
    assert (index.how_many("service"), index.how_many("page")) == (1, 1)
    assert index.how_many() == index.should_hold()
