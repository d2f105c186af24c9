"""A section, or the whole offer, as one document."""

import re

import pytest
from django.urls import reverse
from wagtail.models import PageViewRestriction

from localoffer.models import GuidancePage
from localoffer.regulations import Section, for_section
from tests.factories import answer_block, make_home, make_section, not_published_block

pytestmark = pytest.mark.django_db


@pytest.fixture
def home():
    return make_home(council_name="Avonmere Council", phone="0117 496 0100", area_name="Avonmere")


@pytest.fixture
def offer(home):
    """Every section, live."""
    return {section: make_section(section, home=home, slug=section.value) for section in Section}


def document(client, path="", status=200):
    address = reverse("print_section", args=[path]) if path else reverse("print_offer")
    response = client.get(address)
    assert response.status_code == status
    return response.content.decode()


def test_whole_offer_when_printed_then_title_page_contents_and_every_question(client, offer):
    html = document(client)
    assert "Avonmere Council" in html
    assert "Talk to a person: <b>0117 496 0100</b>" in html
    assert html.count('class="pack__part"') == len(Section)
    for section in Section:
        for requirement in for_section(section):
            assert html.count(f'href="#{requirement.anchor}"') == 1
            assert html.count(f'id="{requirement.anchor}"') == 1
    assert "css/print-pack.css" in html
    assert '<meta name="robots" content="noindex">' in html


def test_whole_offer_when_ids_are_read_then_none_is_there_twice(client, offer):
    ids = re.findall(r'\sid="([^"]+)"', document(client))
    assert len(ids) == len(set(ids))


def test_other_pages_when_drawn_then_they_do_not_load_the_print_style(client, offer):
    assert "print-pack.css" not in client.get(offer[Section.HEALTH].get_url()).content.decode()


def test_section_when_printed_then_only_it_and_the_live_pages_under_it(client, offer):
    parent = offer[Section.HEALTH]
    parent.add_child(instance=GuidancePage(title="At the dentist", slug="dentist", body="<p>Open wide.</p>"))
    parent.add_child(instance=GuidancePage(title="A draft", slug="draft", body="<p>x</p>", live=False))
    html = document(client, "health/")
    assert "Open wide." in html
    assert "A draft" not in html
    assert html.count('class="pack__part"') == 2
    assert "transport" not in re.findall(r'<h1 id="part-\d+">([^<]+)', html)


def test_guidance_page_when_printed_then_a_document_of_its_own(client, home):
    home.add_child(instance=GuidancePage(title="Contact us", slug="contact", body="<p>Ring us.</p>"))
    assert "Ring us." in document(client, "contact")


def test_section_page_when_drawn_then_links_to_its_document_without_script(client, offer):
    html = client.get(offer[Section.HEALTH].get_url()).content.decode()
    assert 'href="/print/health"' in html
    assert "Print this section" in html


def test_gap_when_printed_then_marked_in_the_contents_and_said_in_the_text(client, home):
    blocks = [answer_block(r.key) for r in for_section(Section.TRANSPORT)[1:]]
    blocks.insert(0, not_published_block(for_section(Section.TRANSPORT)[0].key))
    make_section(Section.TRANSPORT, home=home, slug="transport", answers=blocks)
    html = document(client, "transport")
    assert html.count("Not published yet") == 1
    assert "We have not published this yet" in html


def test_links_when_printed_then_their_addresses_carry_the_host(client, home):
    guide = home.add_child(instance=GuidancePage(title="Forms", slug="forms", body="<p>x</p>"))
    body = f'<p>See <a linktype="page" id="{guide.pk}">forms</a>.</p>'
    make_section(Section.ADVICE, home=home, slug="advice", answers=[answer_block("adv.sources", body=body)])
    html = document(client, "advice")
    assert 'See <a href="http://testserver/forms/">forms</a>' in html
    assert 'href="#adv-sources"' in html


@pytest.mark.parametrize("path", ["nothing/", "\x00", "../etc", "a" * 3000, "😀", "health/nothing"])
def test_path_when_there_is_no_such_section_then_404(client, offer, path):
    document(client, path, 404)


def test_page_when_a_draft_or_private_then_not_printed(client, offer):
    offer[Section.HEALTH].unpublish()
    document(client, "health/", 404)
    PageViewRestriction.objects.create(page=offer[Section.TRANSPORT], restriction_type="login")
    document(client, "transport/", 404)
    html = document(client)
    assert html.count('class="pack__part"') == len(Section) - 2


def test_offer_when_nothing_is_published_then_says_so(client, home):
    assert "Nothing has been published yet." in document(client)


def test_documents_when_posted_to_then_405(client, offer):
    assert client.post(reverse("print_offer")).status_code == 405
    assert client.post(reverse("print_section", args=["health"])).status_code == 405


def test_whole_offer_when_texts_have_links_then_queries_do_not_grow(
    client, home, django_assert_max_num_queries
):
    guide = home.add_child(instance=GuidancePage(title="Forms", slug="forms", body="<p>x</p>"))
    link = f'<p><a linktype="page" id="{guide.pk}">forms</a></p>'
    for section in Section:
        blocks = [answer_block(r.key, body=link) for r in for_section(section)]
        page = make_section(section, home=home, slug=section.value, answers=blocks)
        for number in range(3):
            page.add_child(instance=GuidancePage(title=f"G{number}", slug=f"g{number}", body=link))
    document(client)
    with django_assert_max_num_queries(24):
        html = document(client)
    assert html.count('href="http://testserver/forms/"') >= 67 + 24
