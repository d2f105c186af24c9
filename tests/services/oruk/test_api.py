"""Who may see what, how it is asked for, and how the API says no."""

from datetime import UTC, datetime, time, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from services.enums import TermKind
from services.models import ConditionTag, Contact, CostOption, Schedule, Service, ServiceLocation
from services.oruk.identifiers import derived
from services.oruk.schema import web_uri
from tests.factories import make_authority, make_location, make_organisation, make_service
from tests.services.oruk.conformance import faults

pytestmark = pytest.mark.django_db
ROOT = "/open-referral"
NOBODY = "00000000-0000-4000-8000-000000000000"


def names(client, query: str = "", path: str = "services") -> list[str]:
    response = client.get(f"{ROOT}/{path}?{query}")
    assert response.status_code == 200, response.content
    return [row["name"] for row in response.json()["contents"]]


def detail(client, service: Service) -> dict:
    return client.get(f"{ROOT}/services/{service.uuid}").json()


# -- who sees what --------------------------------------------------------------------


def test_services_when_not_live_or_out_of_reach_then_neither_listed_nor_found(client, council):
    other = make_authority("Elsewhere Council", "elsewhere.test")
    place = make_location(other)
    hidden = [
        make_service(council, name="A draft", live=False, locations=(make_location(council),)),
        make_service(other, name="Not ours", locations=(place,)),
    ]
    make_service(council, name="Ours")
    make_service(other, name="National", scope="national")
    shared = make_service(other, name="Shared")
    shared.serves.add(council)
    shared.save()
    assert names(client) == ["Ours", "National", "Shared"]
    for service in hidden:
        row = service.service_locations.get()
        assert client.get(f"{ROOT}/services/{service.uuid}").status_code == 404
        assert client.get(f"{ROOT}/service_at_locations/{row.uuid}").status_code == 404
    assert names(client, path="service_at_locations") == []


def test_service_when_a_draft_is_waiting_then_only_what_is_live_is_told(client, council):
    service = make_service(council, name="As it is")
    service.name = "As it may be"
    service.save_revision()
    assert names(client) == ["As it is"]


REFUGE = {
    "name": "Rosewood House", "address_1": "14 Secret Street", "address_2": "Flat 2",
    "city": "Clifton Village",
    "county": "Avonshire", "postcode": "BS5 6RJ", "latitude": 51.123456, "longitude": -2.654321,
    "address_hidden": True,
}  # fmt: skip


def test_location_when_its_address_is_hidden_then_no_answer_gives_it_away(client, council):
    service = make_service(council, name="A refuge", locations=(make_location(council, **REFUGE),))
    row = service.service_locations.get()
    for path in ("services", "service_at_locations"):
        thing = service if path == "services" else row
        for address in (path, f"{path}?full=true", f"{path}/{thing.uuid}"):
            text = client.get(f"{ROOT}/{address}").content.decode()
            for secret in (
                "Secret",
                "Flat 2",
                "6RJ",
                "Rosewood",
                "51.1234",
                "2.6543",
                "Clifton",
                "Avonshire",
            ):
                assert secret not in text, (address, secret)
    place = detail(client, service)["service_at_locations"][0]["location"]
    assert place["addresses"][0]["postal_code"] == "BS5"
    assert place["addresses"][0]["address_1"] == "Near BS5"
    assert (place["latitude"], place["longitude"]) == pytest.approx((51.46, -2.55), abs=0.03)
    assert not faults("location", place)


def test_proximity_when_a_place_is_hidden_then_measured_from_the_middle_of_its_outcode(client, council):
    """Else asking from here and there would find the house."""
    make_service(council, name="A refuge", locations=(make_location(council, **REFUGE),))
    assert names(client, "postcode=BS5&proximity=1") == ["A refuge"]
    assert names(client, "postcode=BS5&proximity=1", "service_at_locations") == ["A refuge"]


def test_contact_when_told_then_a_role_and_no_name(client, council):
    service = make_service(council)
    Contact.objects.create(service=service, role="Office", phone="0117 496 0100", email="o@example.org")
    contact = detail(client, service)["contacts"][0]
    assert contact.keys() == {"id", "title", "email", "phones"}
    assert contact["phones"][0]["number"] == "0117 496 0100"


def test_cost_when_nobody_stated_it_then_never_free(client, council):
    service = make_service(council)
    CostOption.objects.create(service=service)
    body = detail(client, service)
    assert body["cost_options"][0]["option"] == "Not stated"
    assert "fees" not in body
    CostOption.objects.filter(service=service).update(kind="charged", amount="6.80", note="an hour")
    body = detail(client, service)
    assert body["fees"] == "£6.80 an hour"
    assert (body["cost_options"][0]["amount"], body["cost_options"][0]["currency"]) == (6.8, "GBP")


def test_service_when_it_has_nothing_but_a_name_then_it_conforms(client, council):
    service = make_service(council, name="Bare")
    assert not faults("service", detail(client, service))
    place = make_location(council, postcode="", latitude=None, longitude=None)
    service = make_service(council, name="Nowhere", locations=(place,))
    assert not faults("service", detail(client, service))
    assert "addresses" not in detail(client, service)["service_at_locations"][0]["location"]


def test_service_when_its_texts_are_odd_then_it_conforms(client, council):
    organisation = make_organisation(council, url="https://exämple.org/ä ö?q=“x”", urn="123456")
    service = make_service(
        council, organisation=organisation, name='</script>"\\ \u202e', url="http://[::1]/x y", min_age=0
    )
    body = detail(client, service)
    assert not faults("service", body)
    assert body["minimum_age"] == 0
    assert (
        body["organization"]["website"] == "https://xn--exmple-cua.org/%C3%A4%20%C3%B6?q=%E2%80%9Cx%E2%80%9D"
    )
    assert body["organization"]["organization_identifiers"][0]["identifier_scheme"] == "GB-EDU"


@pytest.mark.parametrize(
    "url", ["", "nonsense", "ftp://example.org", "javascript:alert(1)", "http://", "//x.org"]
)
def test_uri_when_it_is_no_web_address_then_left_out(url):
    assert web_uri(url) == ""


def test_id_of_a_term_when_derived_then_the_one_that_others_may_have_stored():
    assert derived("taxonomy", "need", "ASD") == "0e48c0c1-e721-5047-ab96-9aab540a8e45"


# -- filters ----------------------------------------------------------------------------


@pytest.fixture
def directory(council):
    trust = make_organisation(council, name="Sunrise Trust", provider_type="nhs")
    near = make_location(council, postcode="BS5 6RJ", latitude=51.4744, longitude=-2.5471, access=["lift"])
    far = make_location(council, postcode="BS23 1AA", latitude=51.3470, longitude=-2.9770)
    club = make_service(
        council, name="Saturday club", categories=("short_breaks",), needs=("ASD",), min_age=5, max_age=11,
        locations=(near, far), delivery=["in_person"], level="targeted",
    )  # fmt: skip
    Schedule.objects.create(service=club, days=["SA"], opens=time(10), closes=time(12))
    Schedule.objects.create(service=club, days=["WE"], opens=time(16), closes=time(18))
    clinic = make_service(
        council, name="Clinic", section="health", organisation=trust, needs=("SLCN", "ASD"), min_age=0,
        locations=(far,), description="Help with 100% of_words",
    )  # fmt: skip
    clinic.conditions.add("epilepsy")
    clinic.save()
    line = make_service(council, name="Helpline", section="advice", delivery=["phone", "online"])
    CostOption.objects.create(service=line, kind="free")
    Service.objects.filter(pk=line.pk).update(modified_at=datetime(2020, 5, 1, 12, tzinfo=UTC))
    return council


def term(*parts: str) -> str:
    return derived("taxonomy", *parts)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("search=club", ["Saturday club"]),
        ("search=SUNRISE+clinic", ["Clinic"]),
        ("search=100%25", ["Clinic"]),
        ("search=of_words", ["Clinic"]),
        ("search=o_+words", []),
        ("minimum_age=5", ["Saturday club"]),
        ("minimum_age=0", ["Saturday club", "Clinic"]),
        ("maximum_age=11", ["Saturday club"]),
        ("maximum_age=10.5", []),
        ("age=4", ["Clinic", "Helpline"]),
        ("age=9", ["Saturday club", "Clinic", "Helpline"]),
        ("day=SA", ["Saturday club"]),
        ("day=saturday&start_time=10:00", ["Saturday club"]),
        ("day=SA&start_time=15:00", []),
        ("day=we&end_time=18:00:00", ["Saturday club"]),
        ("end_time=11:00", []),
        ("day=MO", []),
        ("modified_after=2020-05-01T12:00:00Z&search=helpline", ["Helpline"]),
        ("modified_after=2020-05-01T12:00:01Z", ["Saturday club", "Clinic"]),
        ("modified_after=2020-05-01T13:00:00+01:00&search=helpline", ["Helpline"]),
        ("modified_after=2020-05-02", ["Saturday club", "Clinic"]),
        (f"taxonomy_term_id={term('need', 'ASD')}", ["Saturday club", "Clinic"]),
        (f"taxonomy_term_id={term('need', 'ASD')}&taxonomy_term_id={term('need', 'SLCN')}", ["Clinic"]),
        (f"taxonomy_term_id={term('help', 'short_breaks')}", ["Saturday club"]),
        (f"taxonomy_term_id={term('help', 'health')}", ["Clinic"]),
        (f"taxonomy_term_id={term('level', 'targeted')}", ["Saturday club"]),
        (f"taxonomy_term_id={term('scope', 'local')}&age=4", ["Clinic", "Helpline"]),
        (f"taxonomy_term_id={term('provider_type', 'nhs')}", ["Clinic"]),
        (f"taxonomy_term_id={term('cost', 'free')}", ["Helpline"]),
        (f"taxonomy_term_id={term('delivery', 'online')}", ["Helpline"]),
        (f"taxonomy_term_id={term('access_fact', 'lift')}", ["Saturday club"]),
        (f"taxonomy_term_id={term('condition', 'epilepsy')}", ["Clinic"]),
        (f"taxonomy_term_id={NOBODY}", []),
        (f"taxonomy_id={term('need')}", ["Saturday club", "Clinic"]),
        (f"taxonomy_id={term('level')}", ["Saturday club"]),
        (f"taxonomy_id={term('provider_type')}", ["Clinic"]),
        (f"taxonomy_id={term('cost')}", ["Helpline"]),
        (f"taxonomy_id={term('delivery')}", ["Saturday club", "Helpline"]),
        (f"taxonomy_id={term('access_fact')}", ["Saturday club"]),
        (f"taxonomy_id={term('condition')}", ["Clinic"]),
        (f"taxonomy_id={term('help')}", ["Saturday club", "Clinic", "Helpline"]),
        (f"taxonomy_id={NOBODY}", []),
        ("postcode=BS5+6RJ&proximity=5000", ["Saturday club", "Helpline"]),
        ("postcode=BS23&proximity=5000", ["Saturday club", "Clinic", "Helpline"]),
        ("postcode=BS5&proximity=5000&age=4", ["Helpline"]),
        ("postcode=BS23", ["Saturday club", "Clinic", "Helpline"]),
        ("unknown=1", ["Saturday club", "Clinic", "Helpline"]),
        ("page=&search=&day=", ["Saturday club", "Clinic", "Helpline"]),
    ],
)
def test_services_when_filtered_then_only_those(client, directory, query, expected):
    assert names(client, query) == expected


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["Saturday club", "Saturday club", "Clinic"]),
        ("postcode=BS5+6RJ&proximity=5000", ["Saturday club"]),
        ("postcode=BS23&proximity=5000.5", ["Saturday club", "Clinic"]),
        ("postcode=BS5&age=4", ["Clinic"]),
        ("postcode=BS5&proximity=2000000&day=SA", ["Saturday club", "Saturday club"]),
    ],
)
def test_services_at_locations_when_filtered_then_only_those(client, directory, query, expected):
    assert names(client, query, "service_at_locations") == expected


@pytest.mark.parametrize("kind", [kind.value for kind in TermKind])
def test_every_small_vocabulary_when_asked_for_then_answered(client, directory, kind):
    assert client.get(f"{ROOT}/services?taxonomy_id={term(kind)}").status_code == 200


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("page=0", "page"), ("page=-1", "page"), ("page=x", "page"), ("page=1.5", "page"), ("page=²", "page"),
        ("page=99999999999999999999", "page"), ("per_page=0", "per_page"), ("per_page=101", "per_page"),
        ("page=1&page=2", "page"), ("minimum_age=nan", "minimum_age"), ("maximum_age=inf", "maximum_age"),
        ("minimum_age=-1", "minimum_age"), ("age=1.5", "age"), ("age=abc", "age"), ("day=Caturday", "day"),
        ("start_time=25:00", "start_time"), ("start_time=9", "start_time"), ("end_time=noon", "end_time"),
        ("taxonomy_id=7", "taxonomy_id"), ("taxonomy_term_id=%00", "taxonomy_term_id"),
        ("search=%00", "search"), (f"search={'x' * 201}", "search"), 
        ("modified_after=yesterday", "modified_after"),
        ("modified_after=2026-02-30T00:00:00Z", "modified_after"), ("full=maybe", "full"),
        ("modified_after=0001-01-01T00:00:00%2B14:00", "modified_after"),
        ("postcode=nowhere&proximity=5", "postcode"), ("postcode=BT1+1AA", "postcode"),
        ("proximity=5", "proximity"), ("postcode=BS5&proximity=-1", "proximity"),
    ],
)  # fmt: skip
def test_services_when_a_parameter_is_wrong_then_a_clear_400(client, directory, query, parameter):
    response = client.get(f"{ROOT}/services?{query}")
    assert response.status_code == 400
    assert response["Content-Type"] == "application/problem+json"
    assert response["Access-Control-Allow-Origin"] == "*"
    body = response.json()
    assert [error["parameter"] for error in body["errors"]] == [parameter]
    assert body["detail"]
    assert body["status"] == 400


def test_services_when_several_parameters_are_wrong_then_all_are_named(client, directory):
    errors = client.get(f"{ROOT}/services?page=x&age=y&day=z").json()["errors"]
    assert [error["parameter"] for error in errors] == ["page", "day", "age"]


# -- pages ----------------------------------------------------------------------------------


def test_pages_when_walked_then_each_service_once_and_links_lead_on(client, council):
    made = [make_service(council, name=f"Service {n}").name for n in range(5)]
    response = client.get(f"{ROOT}/services?per_page=2&page=2&search=service")
    body = response.json()
    assert [row["name"] for row in body.pop("contents")] == made[2:4]
    assert body == {"total_items": 5, "total_pages": 3, "page_number": 2, "size": 2, "first_page": False,
                    "last_page": False, "empty": False}  # fmt: skip
    for rel, page in (("first", 1), ("prev", 1), ("next", 3), ("last", 3)):
        assert f'per_page=2&page={page}&search=service>; rel="{rel}"' in response["Link"]


def test_page_when_past_the_last_then_empty_and_said(client, council):
    make_service(council)
    body = client.get(f"{ROOT}/services?page=9").json()
    assert (body["contents"], body["empty"], body["last_page"], body["total_items"]) == ([], True, True, 1)


def test_page_when_there_is_nothing_then_first_and_last(client, council):
    body = client.get(f"{ROOT}/services").json()
    assert (body["empty"], body["first_page"], body["last_page"], body["total_pages"]) == (
        True,
        True,
        True,
        0,
    )


@pytest.mark.parametrize("path", ["services", "services?full=true", "service_at_locations?full=true",
                                  "services?postcode=BS5&proximity=9000&full=true"])  # fmt: skip
def test_queries_when_the_page_grows_then_no_more(client, directory, path):
    def count() -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert client.get(f"{ROOT}/{path}").status_code == 200
        return len(asked)

    client.get(f"{ROOT}/{path}")
    few = count()
    for n in range(6):
        place = make_location(directory)
        service = make_service(
            directory, needs=("ASD", "SLCN"), categories=("short_breaks",), 
            locations=(place, make_location()),
            organisation=make_organisation(directory), languages=["english"],
        )  # fmt: skip
        service.conditions.add(f"tag {n}")
        service.save()
        Contact.objects.create(service=service, role="Office")
        CostOption.objects.create(service=service)
    client.get(f"{ROOT}/{path}")  # what is remembered between requests is read anew after a change
    assert count() == few
    assert few <= 16


# -- how it answers ---------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["", "openapi.json", "services", "service_at_locations", "taxonomies",
                                  "taxonomy_terms"])  # fmt: skip
def test_answer_when_asked_again_with_its_etag_then_not_sent_again(client, directory, path):
    first = client.get(f"{ROOT}/{path}")
    again = client.get(f"{ROOT}/{path}", HTTP_IF_NONE_MATCH=first["ETag"])
    assert (first.status_code, again.status_code, again.content) == (200, 304, b"")
    assert again["ETag"] == first["ETag"]
    assert again["Access-Control-Allow-Origin"] == "*"


def test_etag_when_the_service_changes_then_another(client, directory):
    service = Service.objects.get(name="Clinic")
    path = f"{ROOT}/services/{service.uuid}"
    before = client.get(path)["ETag"]
    service.organisation.name = "Sunset Trust"
    service.organisation.save()
    after = client.get(path, HTTP_IF_NONE_MATCH=before)
    assert after.status_code == 200
    assert after["ETag"] != before


def test_head_when_asked_then_as_get_without_a_body(client, directory):
    get, head = client.get(f"{ROOT}/services"), client.head(f"{ROOT}/services")
    assert head.status_code == 200
    assert head.content == b""
    assert (head["ETag"], head["Content-Length"]) == (get["ETag"], str(len(get.content)))


def test_options_when_asked_then_any_site_may_read(client, directory):
    response = client.options(f"{ROOT}/services", HTTP_ORIGIN="https://other.example")
    assert response.status_code == 204
    assert response["Allow"] == "GET, HEAD, OPTIONS"
    assert response["Access-Control-Allow-Origin"] == "*"
    assert "If-None-Match" in response["Access-Control-Allow-Headers"]


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_writing_when_tried_then_refused(client, directory, method):
    client.handler.enforce_csrf_checks = True
    response = getattr(client, method)(f"{ROOT}/services")
    assert response.status_code == 405
    assert response["Allow"] == "GET, HEAD, OPTIONS"
    assert response.json()["title"] == "Method not allowed"


@pytest.mark.parametrize("path", ["services/7", f"services/{NOBODY}", f"taxonomies/{NOBODY}", "nothing",
                                  "services/a/b", f"service_at_locations/{NOBODY}",
                                  f"taxonomy_terms/{NOBODY}", "services/%00"])  # fmt: skip
def test_address_when_nothing_is_there_then_a_problem_any_site_may_read(client, directory, path):
    response = client.get(f"{ROOT}/{path}")
    assert response.status_code == 404
    assert response["Content-Type"] == "application/problem+json"
    assert response["Access-Control-Allow-Origin"] == "*"


def test_address_when_it_ends_in_a_slash_then_the_same(client, directory):
    assert client.get(f"{ROOT}/services/").json() == client.get(f"{ROOT}/services").json()


def test_cookies_when_the_api_is_read_then_none(client, directory):
    assert not client.get(f"{ROOT}/services").cookies


def test_terms_when_a_condition_is_only_on_a_draft_then_not_listed(client, council):
    draft = make_service(council, live=False)
    draft.conditions.add("rare thing")
    draft.save()
    tag = ConditionTag.objects.get()
    listed = client.get(f"{ROOT}/taxonomy_terms?per_page=100&page=2").json()["contents"]
    listed += client.get(f"{ROOT}/taxonomy_terms?per_page=100").json()["contents"]
    assert not [row for row in listed if row["name"] == tag.name]


def test_modified_when_a_service_is_saved_then_found_by_a_reader_who_asks_for_changes(client, directory):
    now = datetime.now(UTC) - timedelta(seconds=1)
    service = Service.objects.get(name="Helpline")
    service.summary = "New words"
    service.save_revision().publish()
    query = f"modified_after={now:%Y-%m-%dT%H:%M:%SZ}&search=helpline"
    assert names(client, query) == ["Helpline"]


def test_service_at_location_when_read_then_both_halves(client, directory):
    row = ServiceLocation.objects.first()
    body = client.get(f"{ROOT}/service_at_locations/{row.uuid}").json()
    assert body["service"]["id"] == str(row.service.uuid) == body["service_id"]
    assert body["location"]["id"] == str(row.location.uuid) == body["location_id"]
    assert (body["name"], body["status"]) == (row.service.name, "active")
