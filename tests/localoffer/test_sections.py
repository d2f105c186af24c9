"""A section speaks to every mandatory requirement before it is published."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from wagtail.test.utils import WagtailPageTestCase
from wagtail.test.utils.form_data import nested_form_data, rich_text, streamfield

from localoffer.models import (
    SECTION_PAGES,
    TWIN_PAGES,
    AdvicePage,
    EducationPage,
    GuidancePage,
    HomePage,
    TransportPage,
)
from localoffer.regulations import Section, for_section
from tests.factories import (
    answer_block,
    make_home,
    make_section,
    not_applicable_block,
    not_published_block,
)


@pytest.mark.django_db
def test_live_section_when_a_mandatory_requirement_is_passed_over_then_refused():
    with pytest.raises(ValidationError) as caught:
        make_section(Section.TRANSPORT, answers=[answer_block("transport.arrangements")])
    assert "transport.policy_post16" in str(caught.value)
    assert "transport.costs" not in str(caught.value)


@pytest.mark.django_db
def test_draft_section_when_silent_then_kept():
    page = make_section(Section.TRANSPORT, answers=[], live=False)
    page.save_revision()
    assert not TransportPage.objects.get(pk=page.pk).live


@pytest.mark.django_db
def test_live_section_when_each_has_a_word_then_published():
    page = make_section(
        Section.TRANSPORT,
        answers=[
            not_applicable_block("transport.arrangements"),
            not_published_block("transport.policy_post16"),
        ],
    )
    assert page.live


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("extra", "words"),
    [
        (answer_block("edu.mainstream"), "belongs to another section"),
        (answer_block("transport.arrangements"), "has 2 blocks"),
        (answer_block("transport.gone"), "not a question the law asks any more"),
    ],
)
def test_live_section_when_a_block_is_bound_wrongly_then_refused(extra, words):
    every = [answer_block(r.key) for r in for_section(Section.TRANSPORT)]
    with pytest.raises(ValidationError, match=words):
        make_section(Section.TRANSPORT, answers=[*every, extra])


@pytest.mark.django_db
def test_publishing_a_revision_when_silent_then_refused_and_nothing_goes_live():
    page = make_section(Section.TRANSPORT, answers=[], live=False)
    revision = page.save_revision()
    with pytest.raises(ValidationError):
        revision.publish()
    page.refresh_from_db()
    assert not page.live


@pytest.mark.django_db
def test_second_section_of_a_kind_when_under_one_home_then_not_offered():
    home = make_home()
    assert AdvicePage.can_create_at(home)
    make_section(Section.ADVICE, home=home)
    assert not AdvicePage.can_create_at(home)
    assert EducationPage.can_create_at(home)


def post_data(*blocks, **extra):
    """What the editor's form sends for an advice section with these blocks."""
    return nested_form_data(
        {
            "title": "Advice",
            "slug": "advice",
            "introduction": "Who to ask.",
            "answers": streamfield(list(blocks)),
            "comments-TOTAL_FORMS": 0,
            "comments-INITIAL_FORMS": 0,
            **extra,
        }
    )


def posted_answer(key):
    return (
        "answer",
        {
            "requirement": key,
            "body": rich_text("<p>Ask us.</p>", features=["bold"]),
            "documents": streamfield([]),
            "services": streamfield([]),
        },
    )


class EditorTests(WagtailPageTestCase):
    """What an editor meets in the admin."""

    @classmethod
    def setUpTestData(cls):
        cls.home = make_home()

    def setUp(self):
        self.user = self.login()

    def add(self, data):
        address = reverse("wagtailadmin_pages:add", args=["localoffer", "advicepage", self.home.pk])
        return self.client.post(address, data)

    def test_publish_when_silent_then_refused_with_the_list(self):
        response = self.add(post_data(**{"action-publish": "1"}))
        assert response.status_code == 200
        self.assertContains(response, "adv.sources")
        self.assertContains(response, "Where can we get free advice?")
        assert not AdvicePage.objects.exists()

    def test_submit_when_silent_then_refused(self):
        assert self.add(post_data(**{"action-submit": "1"})).status_code == 200
        assert not AdvicePage.objects.exists()

    def test_draft_when_silent_then_saved(self):
        self.add(post_data())
        assert AdvicePage.objects.get().live is False

    def test_publish_when_answered_then_live(self):
        self.add(post_data(posted_answer("adv.sources"), **{"action-publish": "1"}))
        assert AdvicePage.objects.get().live

    def test_draft_of_a_live_page_when_silent_then_saved_and_live_text_stays(self):
        page = make_section(Section.ADVICE, home=self.home)
        self.client.post(reverse("wagtailadmin_pages:edit", args=[page.pk]), post_data())
        page.refresh_from_db()
        assert page.has_unpublished_changes
        assert len(page.answers) == 1


class PageTypeTests(WagtailPageTestCase):
    """Wagtail's own assertions, for every page type."""

    @classmethod
    def setUpTestData(cls):
        cls.home = make_home()
        cls.pages = [make_section(section, home=cls.home) for section in Section]
        cls.guide = GuidancePage(title="Contact", body="<p>Ring us.</p>")
        cls.home.add_child(instance=cls.guide)

    def test_every_page_type_when_asked_then_routable_renderable_editable_previewable(self):
        for page in [self.home, *self.pages, self.guide]:
            with self.subTest(type(page).__name__):
                self.assertPageIsRoutable(page)
                self.assertPageIsRenderable(page)
                data = post_data(posted_answer("adv.sources"), slug=page.slug) if page in self.pages else None
                self.assertPageIsPreviewable(page, post_data=data)

    def test_page_tree_when_asked_then_sections_hang_under_home_only(self):
        for model in SECTION_PAGES.values():
            self.assertAllowedParentPageTypes(model, {HomePage})
            self.assertAllowedSubpageTypes(model, {GuidancePage, *TWIN_PAGES})


@pytest.mark.django_db
def test_editor_when_opened_then_says_what_the_law_wants_and_what_has_no_word(client, admin_user):
    page = make_section(Section.TRANSPORT, answers=[answer_block("transport.arrangements")], live=False)
    client.force_login(admin_user)
    html = client.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()
    assert "The 7 questions that this section should answer" in html
    assert html.count("(nothing here yet)") == 6
    assert "Children and Families Act 2014 s.30(2)(d)." in html
    assert "The next year&#x27;s is due by 31 May." in html
    assert "508B" not in html
