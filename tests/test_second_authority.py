"""A second authority is founded in an installation of one: what was there stays the first's."""

import pytest
from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from django.test import Client
from wagtail.images.models import Image

from localoffer import belonging
from localoffer.founding import make_groups
from localoffer.staff_groups import library_of
from tests.factories import make_home, make_user
from tests.test_isolation import OTHER_HOST, _png

pytestmark = pytest.mark.django_db


def test_pictures_when_a_second_authority_is_founded_then_the_firsts_stay_its_own():
    home = make_home()
    make_groups()
    file = ContentFile(_png(), name="first.png")
    Image.objects.create(title="First", file=file, width=1, height=1)
    other = make_home("Otherton Council", OTHER_HOST)
    make_groups(other.get_site())
    assert Image.objects.get().collection == library_of(home.get_site())
    client = Client()
    client.force_login(make_user("o", groups=["Council editor (Otherton Council)"]))
    assert "First" not in client.get("/admin/images/").content.decode()
    client.force_login(make_user("a", groups=["Council editor"]))
    assert "First" in client.get("/admin/images/").content.decode()


def test_staff_of_no_bound_group_when_there_are_two_authorities_then_they_belong_to_the_first():
    first, other = make_home().get_site(), make_home("Otherton Council", OTHER_HOST).get_site()
    editors = Group.objects.create(name="Old editors")
    user = make_user("old", groups=["Old editors"])
    assert belonging.authorities_of(user) == (first,)
    assert user in belonging.people_of(first)
    assert user not in belonging.people_of(other)
    belonging.bind(editors, other)
    again = type(user).objects.get(pk=user.pk)
    assert belonging.authorities_of(again) == (other,)
    assert again not in belonging.people_of(first)
