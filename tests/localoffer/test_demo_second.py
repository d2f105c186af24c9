"""The second demonstration council: its own, apart from the first, and made once."""

import pytest
from django.conf import settings
from wagtail.models import Site

from localoffer import belonging, demo_second
from localoffer.founding import make_groups
from localoffer.models import CouncilSettings
from localoffer.theme import stylesheet
from tests.factories import make_home, make_user

pytestmark = pytest.mark.django_db
FOLDER = settings.BASE_DIR / "demo"


@pytest.fixture
def second():
    make_home()
    given = demo_second.read(FOLDER)
    site = make_home("Marrowdale Council", given["hostname"]).get_site()
    make_groups(site)
    demo_second.set_up(site, given)
    return site


def test_second_council_when_made_again_then_nothing_is_made_twice(second):
    assert demo_second.load_pages(second, FOLDER) == 3
    assert demo_second.load_pages(second, FOLDER) == 0
    assert second.root_page.get_children().live().count() == 3
    CouncilSettings.objects.filter(site=second).update(area_name="The dale")
    demo_second.set_up(second, demo_second.read(FOLDER))
    assert CouncilSettings.objects.get(site=second).area_name == "The dale"


def test_second_council_when_looked_at_then_it_has_colours_of_its_own(second):
    first = CouncilSettings.for_site(Site.objects.get(is_default_site=True))
    assert stylesheet(CouncilSettings.for_site(second)) != stylesheet(first)


def test_officers_when_made_then_each_belongs_to_one_council_and_the_file_is_private(second, tmp_path):
    first = Site.objects.get(is_default_site=True)
    kept = tmp_path / "officers.json"
    made = demo_second.officers([first, second], kept)
    assert demo_second.officers([first, second], kept) == made
    assert kept.stat().st_mode & 0o077 == 0
    people = type(make_user("x")).objects
    for site, name, password in made:
        officer = people.get(username=name)
        assert officer.check_password(password)
        assert belonging.authorities_of(officer) == (site,)
