"""An authority is founded once, on the site that Wagtail made or beside others."""

import pytest
from django.core.management import call_command
from wagtail.models import Page, Site

from localoffer.demo import move_council
from localoffer.evaluation import load_sets
from localoffer.founding import found_authority, make_groups
from localoffer.models import CouncilSettings, EvaluationItem, EvaluationSet, HomePage

pytestmark = pytest.mark.django_db


def test_first_authority_when_founded_then_takes_over_the_stock_site():
    call_command("setup", name="Avonmere Council", area="Avonmere", hostname="offer.test", port=8000)
    site = Site.objects.get()
    assert (site.hostname, site.port, site.is_default_site) == ("offer.test", 8000, True)
    assert isinstance(site.root_page.specific, HomePage)
    assert [p.title for p in Page.objects.filter(depth=2)] == ["Avonmere Council: SEND Local Offer"]
    assert CouncilSettings.for_site(site).area_name == "Avonmere"


def test_founding_when_repeated_then_nothing_changes():
    first = found_authority(name="Avonmere Council", hostname="offer.test")
    council = CouncilSettings.for_site(first)
    council.area_name = "The Mere"
    council.save()
    assert found_authority(name="Avonmere Council", area="Avonmere", hostname="offer.test") == first
    assert CouncilSettings.objects.get(site=first).area_name == "The Mere"
    assert HomePage.objects.count() == 1


def test_second_authority_when_founded_then_stands_beside_the_first():
    first = found_authority(name="Avonmere Council", hostname="one.test")
    second = found_authority(name="Avonmere Council", hostname="two.test")
    assert first.root_page != second.root_page
    assert Site.objects.filter(is_default_site=True).get() == first


@pytest.mark.django_db
def test_demonstration_when_served_at_another_port_then_the_same_council_moves():
    call_command("setup", name="Avonmere Council", hostname="127.0.0.1", port=8000)
    home = Site.objects.get().root_page_id
    for port in (8080, 8080, 8000):
        move_council(name="Avonmere Council", hostname="127.0.0.1", port=port)
        call_command("setup", name="Avonmere Council", hostname="127.0.0.1", port=port)
        site = Site.objects.get()
        assert (site.port, site.root_page_id) == (port, home)
    move_council(name="Nobody", hostname="127.0.0.1", port=1)
    assert Site.objects.get().port == 8000


def test_question_sets_when_a_second_council_comes_then_what_the_first_wrote_stays_its_own():
    first = found_authority(name="Avonmere Council", hostname="one.test")
    make_groups()
    load_sets()
    own = EvaluationSet.objects.get(items=None)
    EvaluationItem.objects.create(set=own, code="Q1", text="Do families of the Mere trust us?")
    make_groups(found_authority(name="Otherton Council", hostname="two.test"))
    assert EvaluationSet.objects.get(pk=own.pk).authority == first
    assert set(EvaluationSet.objects.exclude(pk=own.pk).values_list("authority", flat=True)) == {None}
