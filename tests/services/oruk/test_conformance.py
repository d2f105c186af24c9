"""Everything the API says is as the standard has it: the whole demonstration, and schools of a list."""

import json

import pytest
from openapi_spec_validator import validate

from services.importers.applying import apply_plan
from services.importers.gias import GiasImporter
from services.importers.planning import make_plan
from services.models import Service, ServiceLocation
from services.oruk.openapi import document
from services.oruk.taxonomies import TAXONOMIES
from tests.services.oruk.conformance import faults, ids
from tests.services.test_importers_gias import NEW

ROOT = "/open-referral"
SINGLE = {
    "services": "service",
    "service_at_locations": "service_at_location",
    "taxonomies": "taxonomy",
    "taxonomy_terms": "taxonomy_term",
}


def get(client, address: str) -> dict:
    response = client.get(f"{ROOT}/{address}")
    assert response.status_code == 200, response.content
    assert response["Content-Type"] == "application/json"
    return response.json()


def everything(client, name: str, query: str = "") -> list[dict]:
    """The contents of every page, each page's envelope checked on the way."""
    found, number, more = [], 1, True
    while more:
        page = get(client, f"{name}?per_page=100&page={number}{query}")
        envelope = page.keys() - {"contents"}
        assert envelope == {
            "total_items", "total_pages", "page_number", "size", "first_page", "last_page", "empty"
        }  # fmt: skip
        assert (page["page_number"], page["first_page"]) == (number, number == 1)
        assert page["size"] == len(page["contents"])
        found += page["contents"]
        more, number = not page["last_page"], number + 1
    assert len(found) == page["total_items"]
    assert page["total_pages"] == number - 1
    return found


def test_checker_when_a_format_is_wrong_then_it_is_found():
    sound = {"id": "ac148810-d857-441c-9679-408f346de14b", "name": "A", "status": "active"}
    assert not faults("service", sound)
    assert faults("service", sound | {"id": "7"})
    assert faults("service", sound | {"url": "www.example.org"})
    assert faults("service", sound | {"url": "https://exämple.org"})
    assert faults("service", sound | {"last_modified": "2026-01-01"})
    assert faults("service", sound | {"email": None})
    assert faults("service", sound | {"schedules": []})


def test_root_when_read_then_it_names_the_standard_and_our_own_document(client, council):
    body = get(client, "")
    assert body["version"] == "HSDS-UK-3.0"
    assert body["profile"].startswith("https://")
    assert client.get(body["openapi_url"]).json()["openapi"] == "3.1.0"


@pytest.mark.parametrize("name", SINGLE)
def test_lists_when_the_demonstration_is_loaded_then_every_row_conforms(client, demonstration, name):
    rows = everything(client, name)
    assert rows
    assert {row["id"]: faults(SINGLE[name], row) for row in rows if faults(SINGLE[name], row)} == {}
    own = [row["id"] for row in rows]
    assert len(set(own)) == len(own)


@pytest.mark.parametrize("name", ["services", "service_at_locations"])
def test_full_lists_when_the_demonstration_is_loaded_then_every_row_is_the_whole_detail(
    client, demonstration, name
):
    rows = everything(client, name, "&full=true")
    assert {row["id"]: found for row in rows if (found := faults(SINGLE[name], row))} == {}
    if name == "service_at_locations":
        # The national validator reads this detail as a service.
        assert not [row["id"] for row in rows if faults("service", row)]
    for row in rows[::20]:
        assert get(client, f"{name}/{row['id']}") == row


@pytest.mark.parametrize("name", ["taxonomies", "taxonomy_terms"])
def test_details_of_words_when_read_then_each_conforms(client, demonstration, name):
    for row in everything(client, name)[::9] + everything(client, name)[-3:]:
        body = get(client, f"{name}/{row['id']}")
        assert not faults(SINGLE[name], body)
        assert body.items() >= row.items()


def test_terms_when_a_service_carries_them_then_each_is_listed(client, demonstration):
    listed = {row["id"]: row for row in everything(client, "taxonomy_terms")}
    taxonomies = {row["id"] for row in everything(client, "taxonomies")}
    rows = everything(client, "services", "&full=true")
    carried = {
        attribute["taxonomy_term"]["id"]: attribute["taxonomy_term"]
        for row in rows
        for attribute in row["attributes"]
    }
    assert len(carried) > 100
    assert {key: listed.get(key) for key in carried} == carried
    assert {row["taxonomy_id"] for row in listed.values()} <= taxonomies
    assert {row["parent_id"] for row in listed.values() if "parent_id" in row} <= listed.keys()


def test_ids_when_read_twice_then_the_same_and_nested_rows_unique_in_a_service(client, demonstration):
    first = everything(client, "services", "&full=true")
    assert ids(first) == ids(everything(client, "services", "&full=true"))
    for row in first:
        rows = [row.get("schedules", []), row.get("cost_options", []),
                row.get("contacts", []), row["attributes"], row.get("languages", []),
                row.get("service_areas", []), row.get("service_at_locations", [])]  # fmt: skip
        own = [each["id"] for some in rows for each in some]
        assert len(set(own)) == len(own)


def test_services_when_imported_from_the_national_list_then_each_conforms(client, council):
    apply_plan(plan=make_plan(importer=GiasImporter(), path=NEW, authority=council))
    rows = everything(client, "services", "&full=true")
    assert len(rows) == Service.objects.count() > 3
    assert {row["id"]: found for row in rows if (found := faults("service", row))} == {}
    places = everything(client, "service_at_locations", "&full=true")
    assert len(places) == ServiceLocation.objects.count() > 3
    assert not [row["id"] for row in places if faults("service_at_location", row)]


def test_openapi_when_validated_then_it_is_sound_and_describes_every_endpoint(client, council):
    body = get(client, "openapi.json")
    validate(body)
    assert body["paths"].keys() == {
        "/", *(f"/{name}" for name in SINGLE), *(f"/{name}/{{id}}" for name in SINGLE)
    }  # fmt: skip
    assert body["servers"] == [{"url": "http://testserver/open-referral"}]


def test_openapi_when_compared_with_the_answers_then_it_names_every_field(client, demonstration):
    """Our schemata, closed to anything they do not name, still fit all that we send."""
    from jsonschema import Draft202012Validator

    from tests.services.oruk.conformance import formats

    body = json.loads(json.dumps(document("http://x", "Avonmere Council")))
    for schema in body["components"]["schemas"].values():
        schema.setdefault("additionalProperties", False)
    for name, schema in (
        ("services", "Service"),
        ("service_at_locations", "ServiceAtLocation"),
        ("taxonomies", "Taxonomy"),
        ("taxonomy_terms", "TaxonomyTerm"),
    ):
        check = Draft202012Validator(
            {"$ref": f"#/components/schemas/{schema}", **body}, format_checker=formats
        )
        query = "&full=true" if name.startswith("service") else ""
        for row in everything(client, name, query):
            assert not [f"{e.json_path}: {e.message[:150]}" for e in check.iter_errors(row)]


def test_taxonomies_when_listed_then_all_of_ours_are_there(client, demonstration):
    rows = everything(client, "taxonomies")
    assert {row["name"] for row in rows} == {each.name for each in TAXONOMIES.values()}
    for row in rows:
        assert get(client, f"taxonomies/{row['id']}")["taxonomy_terms"], row["name"]
