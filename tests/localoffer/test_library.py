"""Files of the library: families have what a published page of their council holds, and no more."""

from datetime import date
from io import BytesIO

import pytest
from django.apps import apps
from django.core.files.base import ContentFile
from django.db.models import ForeignKey
from django.test import Client
from modelcluster.fields import ParentalKey
from PIL import Image as Drawn
from wagtail.documents.models import Document
from wagtail.fields import RichTextField, StreamField
from wagtail.images.models import Image
from wagtail.models import Collection, CollectionViewRestriction, Page, PageViewRestriction

from localoffer import sharing
from localoffer.apps import OURS
from localoffer.founding import make_groups
from localoffer.models import (
    Audience,
    BslVideoPage,
    CommitteeReportPage,
    EasyReadPage,
    GuidancePage,
    Visibility,
)
from localoffer.staff_groups import group_name, library_of
from tests.factories import make_home, make_page, make_user

pytestmark = pytest.mark.django_db
OTHER_HOST = "otherton.example"


@pytest.fixture
def kept():
    """Files that a test makes; taken away from the disk afterwards."""
    made = []
    yield made
    for file in made:
        file.file.delete(save=False)


def document(kept, **fields):
    made = Document.objects.create(title="Plan", file=ContentFile(b"%PDF-1.4 x", name="plan.pdf"), **fields)
    kept.append(made)
    return made


def picture(kept, **fields):
    drawn = BytesIO()
    Drawn.new("RGB", (9, 9), "red").save(drawn, "PNG")
    file = ContentFile(drawn.getvalue(), name="face.png")
    made = Image.objects.create(title="Face", file=file, width=9, height=9, **fields)
    rendition = made.get_rendition("max-5x5")
    kept += [made, rendition]
    return made, f"/media/{rendition.file.name}"


def with_picture(home, made, **fields):
    """An Easy Read page that shows a picture."""
    parent = make_page(GuidancePage, home, title="Guide", body="<p>x</p>")
    page = EasyReadPage(title="Easy", slug="easy", **fields)
    page.rows = [("row", {"picture": made, "words": "Words."})]
    parent.add_child(instance=page)
    return page


def linking(document):
    return f'<p><a linktype="document" id="{document.pk}">Plan</a></p>'


def status(address, client=None, **headers):
    return (client or Client()).get(address, headers=headers).status_code


def test_document_when_nothing_published_holds_it_then_it_is_not_there(kept):
    home = make_home()
    paper = document(kept)
    assert status(paper.url) == 404
    page = make_page(GuidancePage, home, title="Guide", body=linking(paper), live=False)
    assert status(paper.url) == 404
    page.save_revision().publish()
    assert status(paper.url) == 200
    page.refresh_from_db()
    page.unpublish()
    assert status(paper.url) == 404


def test_document_when_only_the_draft_of_a_live_page_holds_it_then_it_waits(kept):
    page = make_page(GuidancePage, make_home(), title="Guide", body="<p>Old.</p>")
    paper = document(kept)
    page.body = linking(paper)
    draft = page.save_revision()
    assert status(paper.url) == 404
    draft.publish()
    assert status(paper.url) == 200
    page = GuidancePage.objects.get(pk=page.pk)
    page.body = "<p>Without.</p>"
    waiting = page.save_revision()
    assert status(paper.url) == 200  # what readers see names it still
    waiting.publish()
    assert status(paper.url) == 404


def test_document_when_its_page_is_for_some_only_then_so_is_it(kept):
    paper = document(kept)
    page = make_page(GuidancePage, make_home(), title="Guide", body=linking(paper))
    PageViewRestriction.objects.create(page=page, restriction_type=PageViewRestriction.LOGIN)
    assert status(paper.url) == 404


def test_document_when_asked_for_on_the_site_of_another_council_then_it_is_not_there(kept, settings):
    settings.ALLOWED_HOSTS = ["*"]
    make_home()
    other = make_home("Otherton Council", OTHER_HOST)
    paper = document(kept, collection=library_of(other.get_site()))
    make_page(GuidancePage, other, title="Guide", body=linking(paper))
    assert status(paper.url) == 404
    assert status(paper.url, host=OTHER_HOST) == 200


def test_document_when_staff_of_its_council_ask_then_they_see_it_before_it_is_published(kept, settings):
    settings.ALLOWED_HOSTS = ["*"]
    sites = [make_home().get_site(), make_home("Otherton Council", OTHER_HOST).get_site()]
    for site in sites:
        make_groups(site)
    paper = document(kept, collection=library_of(sites[0]))
    for site, expected in zip(sites, (200, 404), strict=True):
        client = Client()
        client.force_login(make_user(f"e{site.pk}", groups=[group_name("Council editor", site)]))
        assert status(paper.url, client) == expected


def test_document_of_a_shared_report_when_opened_from_the_link_then_that_link_opens_it(kept):
    home = make_home()
    paper, other = document(kept), document(kept)
    asking = Audience.objects.create(authority=home.get_site(), name="Scrutiny", first_due=date(2026, 1, 1))
    report = CommitteeReportPage(
        title="Report", slug="report", audience=asking, start=date(2026, 1, 1), end=date(2026, 3, 31),
        purpose=linking(paper), summary="<p>x</p>", recommendation="<p>x</p>",
        visibility=Visibility.COUNCILLORS,
    )  # fmt: skip
    home.add_child(instance=report)
    report.save_revision().publish()
    assert status(paper.url) == 404
    link, _ = sharing.share(page=report, user=make_user("boss", is_superuser=True))
    token = link.rstrip("/").rsplit("/", 1)[-1]
    assert f'href="{paper.url}?shared={token}"' in Client().get(link).content.decode()
    assert status(f"{paper.url}?shared={token}") == 200
    assert status(f"{other.url}?shared={token}") == 404
    assert status(f"{paper.url}?shared={token[:-2]}") == 404
    sharing.end_links(page=report, user=make_user("boss2", is_superuser=True))
    assert status(f"{paper.url}?shared={token}") == 404


def test_picture_when_its_page_is_published_or_taken_down_then_it_comes_and_goes(kept, settings):
    settings.ALLOWED_HOSTS = ["*"]
    home = make_home()
    make_home("Otherton Council", OTHER_HOST)
    made, address = picture(kept)
    page = with_picture(home, made, live=False)
    assert status(address) == 404
    page.save_revision().publish()
    answer = Client().get(address)
    assert answer.status_code == 200
    assert "public" in answer["Cache-Control"]
    assert status(address, host=OTHER_HOST) == 404
    page.refresh_from_db()
    page.unpublish()
    assert status(address) == 404
    staff = Client()
    staff.force_login(make_user("boss", is_superuser=True))
    seen = staff.get(address)
    assert seen.status_code == 200
    assert "public" not in seen["Cache-Control"]


def test_picture_when_asked_for_again_then_one_query(kept, django_assert_num_queries):
    made, address = picture(kept)
    with_picture(make_home(), made)
    Client().get(address)
    with django_assert_num_queries(1):
        assert Client().get(address).status_code == 200


def test_models_when_they_hold_files_of_the_library_then_they_are_pages():
    """`library.holders` looks among pages. A snippet that held a file would hide it from families."""
    holding = set()
    for app in OURS:
        for model in apps.get_app_config(app).get_models():
            for field in model._meta.get_fields():
                names_file = isinstance(field, ForeignKey) and field.related_model in (Image, Document)
                if names_file or isinstance(field, RichTextField | StreamField):
                    holding.add(model)
    assert BslVideoPage in holding
    # What is a part of a page is found as that page.
    parts = {model for model in holding for field in model._meta.get_fields()
             if isinstance(field, ParentalKey) and issubclass(field.related_model, Page)}  # fmt: skip
    assert [model for model in holding - parts if not issubclass(model, Page)] == []


def test_collection_when_it_is_private_then_what_is_published_of_it_is_for_those_who_may_see_it(kept):
    home = make_home()
    private = Collection.get_first_root_node().add_child(instance=Collection(name="Private"))
    paper, (made, address) = document(kept, collection=private), picture(kept, collection=private)
    make_page(GuidancePage, home, title="Papers", body=linking(paper))
    with_picture(home, made)
    assert (status(paper.url), status(address)) == (200, 200)
    CollectionViewRestriction.objects.create(
        collection=private, restriction_type=CollectionViewRestriction.LOGIN
    )
    assert (status(paper.url), status(address)) == (302, 404)
    assert status(f"/media/{made.file.name}") == 404
    staff = Client()
    staff.force_login(make_user("boss", is_superuser=True))
    seen = staff.get(address)
    assert seen.status_code == 200
    assert "public" not in seen["Cache-Control"]
