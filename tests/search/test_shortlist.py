"""A shortlist in the address: read kindly, shown, shared, carried through a search."""

import re
from html import unescape
from urllib.parse import unquote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from search import index, shortlist
from services.models import Contact
from tests.factories import make_authority, make_organisation, make_service


@pytest.mark.parametrize(
    ("typed", "ids"),
    [
        ("", ()),
        ("1.2.3", (1, 2, 3)),
        ("3,1 3", (3, 1)),
        ("http://127.0.0.1:8000/services/saved/?ids=12.13", (12, 13)),
        ("https://a.example/services/saved/?x=9&ids=12.13&y=4", (12, 13)),
        ("0.-5.abc", (5,)),
        ("9" * 400, ()),
        ("٣.²", ()),
        (".".join(map(str, range(1, 200))), tuple(range(1, shortlist.MOST + 1))),
    ],
)
def test_read_when_anything_is_given_then_the_numbers_in_it(typed, ids):
    assert shortlist.read(typed) == ids


@given(st.lists(st.integers(1, 10**11), max_size=shortlist.MOST, unique=True))
def test_read_when_written_then_the_same(ids):
    assert shortlist.read(shortlist.write(ids)) == tuple(ids)


def test_with_one_when_full_then_the_oldest_goes():
    full = tuple(range(1, shortlist.MOST + 1))
    assert shortlist.with_one(full, 99)[-1] == 99
    assert len(shortlist.with_one(full, 99)) == shortlist.MOST
    assert shortlist.without((1, 2), 1) == (2,)


@pytest.fixture
def three(authority):
    return [make_service(authority, name=name) for name in ("Owls", "Larks", "<b>Hawks</b>")]


def get(client, ids: str) -> str:
    response = client.get("/services/saved/", {"ids": ids})
    assert response.status_code == 200
    return response.content.decode()


def titles(html: str) -> list[str]:
    return [unescape(t) for t in re.findall(r'card__title"><a href="[^"]*">(.*?)</a>', html)]


def test_page_when_a_service_has_a_phone_then_the_list_and_the_email_say_it(client, three):
    owls, larks, _ = three
    Contact.objects.create(service=owls, email="owls@example.org")
    Contact.objects.create(service=owls, phone="0117 496 0001")
    Contact.objects.create(service=owls, phone="0117 496 0002")
    html = get(client, f"{owls.pk}.{larks.pk}")
    assert html.count(">Phone: </span>0117 496 0001<") == 1
    assert "0117 496 0002" not in html
    mail = unquote(unescape(re.search(r'href="(mailto:[^"]*)"', html).group(1)))
    assert f"Owls: http://testserver{owls.get_absolute_url()}, phone 0117 496 0001\r\n" in mail
    assert f"Larks: http://testserver{larks.get_absolute_url()}\r\n" in mail


def test_page_when_a_service_has_only_an_email_then_the_list_and_the_email_say_it(client, authority, three):
    owls, larks, hawks = three
    Contact.objects.create(service=owls, email="owls@example.org", role="Desk")
    Contact.objects.create(service=owls, email="second@example.org")
    larks.organisation = make_organisation(authority, name="Larks CIO", email="cio@example.org")
    larks.save()
    hawks.organisation = make_organisation(authority, name="Hawks CIO", email="not-shown@example.org")
    hawks.save()
    Contact.objects.create(service=hawks, phone="0117 496 0003")
    html = get(client, f"{owls.pk}.{larks.pk}.{hawks.pk}")
    assert re.findall(r">Email: </span>([^<]*)<", html) == ["owls@example.org", "cio@example.org"]
    mail = unquote(unescape(re.search(r'href="(mailto:[^"]*)"', html).group(1)))
    assert f"Owls: http://testserver{owls.get_absolute_url()}, email owls@example.org\r\n" in mail
    assert "not-shown" not in html


def test_page_when_some_are_listed_then_in_their_order_with_ways_to_keep_them(client, three):
    owls, larks, hawks = three
    html = get(client, f"{hawks.pk}.{owls.pk}")
    assert titles(html) == ["<b>Hawks</b>", "Owls"]
    assert "Your list: 2 services" in html
    assert f'value="http://testserver/services/saved/?ids={hawks.pk}.{owls.pk}"' in html
    assert f'href="/services/saved/?ids={owls.pk}"' in html
    mail = unquote(unescape(re.search(r'href="(mailto:[^"]*)"', html).group(1)))
    assert f"Owls: http://testserver{owls.get_absolute_url()}" in mail
    assert "\r\n" in mail
    assert '<meta name="robots" content="noindex, follow">' in html


def test_page_when_some_are_drafts_others_or_nothing_then_left_out_and_said(client, authority, three):
    draft = make_service(authority, live=False)
    elsewhere = make_authority("Elsewhere", hostname="elsewhere.example")
    theirs, national = make_service(elsewhere), make_service(elsewhere, name="Line", scope="national")
    html = get(client, f"{draft.pk}.{theirs.pk}.{national.pk}.987654")
    assert titles(html) == ["Line"]
    assert "3 services on this list are not here any more" in html


def test_page_when_empty_then_it_says_how_to_fill_it(client, authority):
    assert "nothing on your list yet" in get(client, "")


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ids=st.text(max_size=300) | st.sampled_from(["1' OR 1=1", "<script>", "1" * 5000, "1.1.1"]))
def test_page_when_anything_is_given_then_a_page_in_few_queries(
    client, three, django_assert_max_num_queries, ids
):
    ids = ids.encode("utf-8", "replace").decode()
    client.get("/services/saved/")
    with django_assert_max_num_queries(16):
        html = get(client, ids)
    assert "<script>" not in html[html.index("<main") :]


def test_search_when_a_list_is_carried_then_every_link_keeps_it_and_saving_adds_to_it(client, three):
    owls, larks, _ = three
    index.rebuild()
    html = client.get("/services/", {"q": "larks", "saved": str(owls.pk), "age": "7"}).content.decode()
    assert f'href="/services/saved/?ids={owls.pk}.{larks.pk}"' in html
    assert f'<input type="hidden" name="saved" value="{owls.pk}">' in html
    chip = unescape(re.search(r'class="chip" href="([^"]*)"', html).group(1))
    assert f"saved={owls.pk}" in chip
    assert (
        client.get(f"/services/saved/?ids={owls.pk}").content.decode().count(f"/services/?saved={owls.pk}")
        == 1
    )
    assert client.post("/services/saved/").status_code == 405
