"""Easy Read, sign and other languages: beside their page, behind it when it changes, put right."""

import re

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import ContentFile
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Collection, CollectionViewRestriction, PageLogEntry, Revision
from wagtail.test.utils import WagtailPageTestCase

from localoffer import demo_pictures, films, twins
from localoffer.demo_twins import load_twins
from localoffer.founding import make_groups
from localoffer.languages import BY_CODE, LANGUAGES, straighten_numbers
from localoffer.models import (
    SECTION_PAGES,
    BslVideoPage,
    EasyReadPage,
    GuidancePage,
    HomePage,
    NewsPage,
    StepByStepPage,
    TranslatedPage,
    TwinPage,
)
from localoffer.regulations import Section
from tests.factories import answer_block, make_home, make_page_with, make_section, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def home():
    return make_home()


@pytest.fixture
def parent(home):
    page = make_section(Section.ADVICE, home=home, slug="advice", title="Advice")
    page.save_revision().publish()
    return page.specific_class.objects.get(pk=page.pk)


def make_image(title="Bus"):
    file = ContentFile(demo_pictures.png("bus"), name="bus.png")
    return get_image_model().objects.create(title=title, file=file)


def make_document(name, content=b"x"):
    return get_document_model().objects.create(title=name, file=ContentFile(content, name=name))


def make_twin(parent, model=TranslatedPage, **fields):
    fields = {"title": "Porady", "slug": "twin", **fields}
    if model is TranslatedPage:
        fields = {"language": "pl", "body": "<p>Zadzwoń.</p>", **fields}
    if model is BslVideoPage:
        fields = {"transcript": "<p>Ring us.</p>", **fields}
        fields.setdefault("video", make_document("film.mp4"))
    twin = parent.add_child(instance=model(**fields))
    twin.save_revision().publish()
    return model.objects.get(pk=twin.pk)


def change(parent, words):
    parent = parent.specific_class.objects.get(pk=parent.pk)
    parent.answers = [answer_block("adv.sources", body=f"<p>{words}</p>")]
    parent.save_revision().publish()


def get(client, page):
    response = client.get(page.get_url())
    assert response.status_code == 200
    return response.content.decode()


def is_behind(twin):
    return type(twin).objects.get(pk=twin.pk).is_behind()


def test_parent_when_it_has_twins_then_links_to_them_by_their_own_names(client, parent):
    make_twin(parent)
    make_twin(parent, EasyReadPage, title="Easy advice", slug="easy-read")
    make_twin(parent, BslVideoPage, title="Advice signed", slug="bsl")
    make_twin(parent, title="نصيحة", slug="arabic", language="ar")
    html = get(client, parent)
    for link in (
        '<span lang="pl" dir="ltr">Polski</span>',
        '<span lang="en-GB" dir="ltr">Easy Read</span>',
        '<span lang="en-GB" dir="ltr">British Sign Language</span>',
        '<span lang="ar" dir="rtl">العربية</span>',
    ):
        assert link in html
    assert 'href="/advice/easy-read/"' in html


def test_parent_when_a_twin_is_only_a_draft_then_no_link(client, parent):
    twin = make_twin(parent)
    twin.unpublish()
    assert "Polski" not in get(client, parent)


def test_twin_when_its_page_changes_then_behind_until_confirmed(client, parent, admin_user):
    twin = make_twin(parent)
    assert "We are checking" not in get(client, twin)
    change(parent, "Somebody else.")
    assert is_behind(twin)
    html = get(client, twin)
    assert "This page changed on" in html
    assert "We are checking the Polish version." in html
    assert [state.twin for state in twins.behind(parent.get_site())] == [twin]
    client.force_login(admin_user)
    assert "Other versions to check" in client.get(reverse("wagtailadmin_home")).content.decode()
    assert client.post(reverse("confirm_twin", args=[twin.pk])).status_code == 302
    assert not is_behind(twin)
    assert "We are checking" not in get(client, twin)
    assert twins.behind(parent.get_site()) == []
    assert "Other versions to check" not in client.get(reverse("wagtailadmin_home")).content.decode()
    entry = PageLogEntry.objects.get(action=twins.CONFIRM_ACTION)
    assert (entry.user, entry.page_id) == (admin_user, twin.pk)


def test_twin_when_it_is_changed_after_its_page_then_no_longer_behind(parent):
    twin = make_twin(parent)
    change(parent, "Somebody else.")
    twin = TranslatedPage.objects.get(pk=twin.pk)
    twin.body = "<p>Ktoś inny.</p>"
    twin.save_revision().publish()
    assert not is_behind(twin)


def test_twin_when_an_older_draft_is_published_then_still_behind(parent):
    twin = make_twin(parent)
    draft = twin.save_revision()
    change(parent, "Somebody else.")
    draft.publish()
    assert is_behind(twin)


def test_twin_when_confirmed_and_its_old_draft_is_published_then_stays_confirmed(parent, admin_user):
    twin = make_twin(parent)
    draft = twin.save_revision()
    change(parent, "Somebody else.")
    twins.confirm(twin=TranslatedPage.objects.get(pk=twin.pk), user=admin_user)
    Revision.objects.get(pk=draft.pk).publish()
    assert not is_behind(twin)


def test_twin_when_only_a_draft_of_its_page_changes_then_not_behind(parent):
    twin = make_twin(parent)
    parent.answers = [answer_block("adv.sources", body="<p>Not yet.</p>")]
    parent.save_revision()
    assert not is_behind(twin)


def test_twin_when_its_page_says_the_old_words_again_then_not_behind(parent):
    twin = make_twin(parent)
    change(parent, "Somebody else.")
    change(parent, "What we do.")
    assert not is_behind(twin)


def test_twin_when_its_page_is_taken_down_then_behind_and_cannot_be_confirmed(client, parent, admin_user):
    twin = make_twin(parent)
    parent.unpublish()
    twin = TranslatedPage.objects.get(pk=twin.pk)
    assert twin.is_behind()
    assert "has been taken down" in get(client, twin)
    with pytest.raises(ValueError, match="not live"):
        twins.confirm(twin=twin, user=admin_user)


@pytest.mark.parametrize(
    ("groups", "allowed"),
    [
        (["Viewer"], False),
        (["Forum editor"], False),
        (["Council editor"], False),
        (["Council publisher"], True),
    ],
)
def test_confirm_when_the_right_to_publish_is_missing_then_refused(client, parent, groups, allowed):
    make_groups()
    user = make_user("somebody", groups=groups)
    twin = make_twin(parent)
    change(parent, "Somebody else.")
    client.force_login(user)
    report = client.get(reverse("twins_report")).content.decode()
    assert (reverse("confirm_twin", args=[twin.pk]) in report) is allowed
    client.post(reverse("confirm_twin", args=[twin.pk]))
    assert is_behind(twin) is not allowed
    if not allowed:
        with pytest.raises(PermissionDenied):
            twins.confirm(twin=twin, user=user)


def test_confirm_when_asked_by_a_link_or_signed_out_or_of_nothing_then_nothing_changes(
    client, parent, admin_user
):
    twin = make_twin(parent)
    change(parent, "Somebody else.")
    address = reverse("confirm_twin", args=[twin.pk])
    assert "login" in client.post(address).url
    client.force_login(admin_user)
    assert client.get(address).status_code == 405
    assert client.post(reverse("confirm_twin", args=[999999])).status_code == 404
    assert is_behind(twin)


def test_report_when_there_are_more_twins_then_no_more_queries(parent, django_assert_num_queries):
    site = parent.get_site()
    make_twin(parent)
    twins.states(site)
    with django_assert_num_queries(4):
        assert len(twins.states(site)) == 1
    for language in ("so", "ur", "ro"):
        make_twin(parent, slug=language, language=language)
    with django_assert_num_queries(4):
        assert len(twins.states(site)) == 4


def test_export_when_asked_then_one_line_a_twin(client, parent, admin_user):
    make_twin(parent)
    client.force_login(admin_user)
    text = client.get(reverse("twins_report"), {"export": "csv"}).getvalue().decode("utf-8-sig")
    assert text.splitlines()[1].startswith("Porady,Polish version,Advice,Up to date")


def test_editor_when_a_twin_is_behind_then_says_so(client, parent, admin_user):
    twin = make_twin(parent)
    client.force_login(admin_user)
    address = reverse("wagtailadmin_pages:edit", args=[twin.pk])
    assert "This version matches" in client.get(address).content.decode()
    change(parent, "Somebody else.")
    assert "has changed since this was written" in client.get(address).content.decode()


def test_easy_read_when_drawn_then_each_picture_is_beside_its_words_without_alternative_text(client, parent):
    image = make_image()
    rows = [
        ("row", {"picture": image, "words": "You can go by bus."}),
        ("row", {"picture": image, "words": "It is free."}),
    ]
    twin = make_twin(parent, EasyReadPage, title="Easy", slug="easy-read", rows=rows)
    html = get(client, twin)
    assert html.count('alt=""') == 2
    assert html.index("bus.") < html.index("You can go by bus.") < html.index("It is free.")


def test_easy_read_when_it_has_more_rows_then_no_more_queries(client, parent, django_assert_num_queries):
    def queries(number):
        rows = [("row", {"picture": make_image(), "words": "A bus."}) for _ in range(number)]
        twin = make_twin(parent, EasyReadPage, title=f"Easy {number}", slug=f"easy-{number}", rows=rows)
        get(client, twin)
        twin = EasyReadPage.objects.get(pk=twin.pk)
        with django_assert_num_queries(3):
            assert len([r for r, _ in twin.pictured_rows() if r]) == number

    queries(1)
    queries(12)


def test_easy_read_when_a_picture_is_lost_then_the_words_are_still_there(client, parent):
    image = make_image()
    rows = [("row", {"picture": image, "words": "You can go by bus."})]
    twin = make_twin(parent, EasyReadPage, title="Easy", slug="easy-read", rows=rows)
    image.file.storage.delete(image.file.name)
    assert "You can go by bus." in get(client, twin)
    image.delete()
    assert "You can go by bus." in get(client, twin)


@pytest.mark.parametrize(
    ("words", "good"),
    [("One. Two.", True), ("Ring 0117 496 0500.", True), ("One. Two. Three.", False), ("", False)],
)
def test_easy_read_row_when_it_is_more_than_two_sentences_then_refused(words, good):
    block = EasyReadPage._meta.get_field("rows").stream_block.child_blocks["row"]
    value = block.to_python({"picture": make_image().pk, "words": words})
    if good:
        assert block.clean(value)["words"] == words
    else:
        with pytest.raises(ValidationError):
            block.clean(value)


def test_languages_when_listed_then_each_code_once_and_short_enough_for_its_field():
    assert len(BY_CODE) == len(LANGUAGES)
    assert max(map(len, BY_CODE)) <= TranslatedPage._meta.get_field("language").max_length
    assert {code for code, language in BY_CODE.items() if language.rtl} == {
        "ar",
        "prs",
        "ckb",
        "ps",
        "fa",
        "pnb",
        "ur",
    }


def test_translation_when_written_from_right_to_left_then_marked_so(client, parent):
    html = get(client, make_twin(parent, language="ur", title="مشورہ"))
    assert '<div lang="ur" dir="rtl">' in html


def test_translation_when_from_right_to_left_then_a_telephone_number_is_not_turned_round(client, parent):
    body = '<p>اتصل <a href="tel:+441174960100">0117 496 0100</a> <b>1 &lt; 2</b></p>'
    html = get(client, make_twin(parent, language="ar", title="<i>نصيحة", body=body))
    assert '<a href="tel:+441174960100"><bdi dir="ltr">0117 496 0100</bdi></a> <b>1 &lt; 2</b>' in html
    assert "<h1>&lt;i&gt;نصيحة</h1>" in html
    assert "<bdi" not in get(client, make_twin(parent, slug="pl", body=body))


def test_sign_language_when_it_has_a_film_then_own_file_with_captions_and_words(client, parent):
    film, captions = make_document("film.mp4"), make_document("film.vtt", b"WEBVTT")
    twin = make_twin(parent, BslVideoPage, video=film, captions=captions, transcript="<p>Ring us.</p>")
    html = get(client, twin)
    assert f'<source src="{film.url}" type="video/mp4">' in html
    assert f'<track kind="captions" src="{captions.url}" srclang="en"' in html
    assert "Ring us." in html
    film.delete()
    assert "The film is not here just now." in get(client, twin)


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("bytes=0-1", (0, 1)),
        ("bytes=2-", (2, 9)),
        ("bytes=-3", (7, 9)),
        ("bytes=0-999999", (0, 9)),
        ("bytes=-99", (0, 9)),
        ("bytes=-", None),
        ("bytes=0-1,3-4", None),
        ("lines=0-1", None),
        ("bytes=x", None),
    ],
)
def test_part_when_asked_for_then_first_and_last_byte(asked, expected):
    assert films.part_of(asked, 10) == expected


@pytest.mark.parametrize("asked", ["bytes=10-", "bytes=5-2", "bytes=999999999999999-", "bytes=-0"])
def test_part_when_the_file_does_not_have_it_then_refused(asked):
    with pytest.raises(ValueError, match="no such part"):
        films.part_of(asked, 10)


@given(st.text(max_size=30) | st.from_regex(r"bytes=\d*-\d*", fullmatch=True), st.integers(0, 10**9))
def test_part_when_any_header_is_sent_then_within_the_file_or_refused(asked, size):
    try:
        part = films.part_of(asked, size)
    except ValueError:
        return
    assert part is None or 0 <= part[0] <= part[1] < size


@given(st.text(max_size=60))
def test_numbers_when_straightened_then_nothing_but_the_marks_is_added(text):
    marked = straighten_numbers(text)
    assert re.sub(r'<bdi dir="ltr">|</bdi>', "", marked) == re.sub(r'<bdi dir="ltr">|</bdi>', "", text)


def test_film_when_a_player_asks_for_a_part_then_that_part_and_else_the_whole(client):
    film, plan = make_document("film.mp4", b"0123456789"), make_document("plan.pdf", b"0123")
    for held in (film, plan):
        make_page_with(held)

    def get(asked=None, document=film):
        headers = {"Range": asked} if asked else {}
        return client.get(document.url, headers=headers)

    response = get("bytes=2-5")
    assert (response.status_code, response.getvalue()) == (206, b"2345")
    assert response["Content-Range"] == "bytes 2-5/10"
    assert response["Content-Type"] == "video/mp4"
    assert get("bytes=10-").status_code == 416
    assert get().getvalue() == b"0123456789"
    assert get("bytes=0-1", plan).status_code == 200


def test_film_when_a_long_part_is_asked_for_then_its_beginning_is_sent(client, monkeypatch):
    monkeypatch.setattr(films, "MOST", 4)
    film = make_document("film.webm", b"0123456789")
    make_page_with(film)
    response = client.get(film.url, headers={"Range": "bytes=3-"})
    assert (response.content, response["Content-Range"]) == (b"3456", "bytes 3-6/10")


def test_film_when_its_collection_is_private_then_no_part_of_it_either(client):
    private = Collection.get_first_root_node().add_child(name="Private")
    CollectionViewRestriction.objects.create(collection=private, restriction_type="login")
    film = make_document("film.mp4", b"0123456789")
    film.collection = private
    film.save()
    make_page_with(film)
    assert client.get(film.url, headers={"Range": "bytes=0-1"}).status_code == 302


@pytest.mark.parametrize(("field", "name"), [("video", "film.exe"), ("captions", "film.txt")])
def test_sign_language_when_a_file_is_of_the_wrong_kind_then_refused(parent, field, name):
    document = make_document(name)
    page = BslVideoPage(title="Signed", slug="bsl", transcript="<p>x</p>", **{field: document})
    with pytest.raises(ValidationError) as caught:
        page.clean()
    assert field in caught.value.message_dict


def test_demonstration_when_loaded_twice_then_each_twin_once_and_up_to_date(client, home):
    make_section(Section.TRANSPORT, home=home, slug="transport").save_revision().publish()
    make_section(Section.ADVICE, home=home, slug="advice").save_revision().publish()
    site = home.get_site()
    assert load_twins(site) == 2
    assert load_twins(site) == 0
    assert [state.behind for state in twins.states(site)] == [False, False]
    html = get(client, EasyReadPage.objects.get())
    assert html.count("<img") == 10
    for block in EasyReadPage.objects.get().rows:
        block.block.clean(block.value)


class PageTypeTests(WagtailPageTestCase):
    """Wagtail's own assertions."""

    def test_every_type_when_asked_then_routable_and_renderable_under_its_page(self):
        parent = make_section(Section.ADVICE, home=make_home(), slug="advice")
        made = [
            make_twin(parent),
            make_twin(parent, EasyReadPage, title="Easy", slug="easy-read"),
            make_twin(parent, BslVideoPage, title="Signed", slug="bsl"),
        ]
        for twin in made:
            with self.subTest(type(twin).__name__):
                self.assertPageIsRoutable(twin)
                self.assertPageIsRenderable(twin)
                parents = set(type(twin).allowed_parent_page_models())
                assert {*SECTION_PAGES.values(), GuidancePage, StepByStepPage, NewsPage} < parents
                assert HomePage not in parents
                self.assertAllowedSubpageTypes(type(twin), {})
        self.login()
        for twin in made[::2]:
            self.assertPageIsEditable(twin)

    def test_base_type_when_asked_then_not_offered_and_only_one_easy_read_a_page(self):
        home = make_home()
        parent = make_section(Section.ADVICE, home=home, slug="advice")
        self.assertCanNotCreateAt(HomePage, EasyReadPage)
        assert not TwinPage.is_creatable
        assert EasyReadPage.can_create_at(parent)
        make_twin(parent, EasyReadPage, title="Easy", slug="easy-read")
        assert not EasyReadPage.can_create_at(parent)
        make_twin(parent)
        assert TranslatedPage.can_create_at(parent)
