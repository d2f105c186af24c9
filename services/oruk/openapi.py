"""The API in OpenAPI 3.1, made from the same declarations that read its parameters.

The standard's own document is no valid OpenAPI (`"type": "time"`), lacks errors and points the
detail of a service at a location to the schema of a service. This one is ours and is right.
"""

from collections.abc import Sequence
from typing import Any

from services.oruk.parameters import PAGING, PARAMETERS, SERVICES

Document = dict[str, Any]
VERSION = "HSDS-UK-3.0"
PROFILE = "https://docs.openreferraluk.org/en/latest/"

_TEXT: Document = {"type": "string"}
_ID: Document = {"type": "string", "format": "uuid"}
_URI: Document = {"type": "string", "format": "uri"}
_NUMBER: Document = {"type": "number"}
_TRUTH: Document = {"type": "boolean"}
_DAY: Document = {"type": "string", "format": "date"}
_EMAIL: Document = {"type": "string", "format": "email"}
_TEXTS: Document = {"type": "array", "items": {"type": "string"}}


def _ref(name: str) -> Document:
    return {"$ref": f"#/components/schemas/{name}"}


def _list(name: str) -> Document:
    return {"type": "array", "items": _ref(name)}


def _object(required: Sequence[str], **properties: Document) -> Document:
    return {"type": "object", "required": list(required), "properties": properties}


SCHEMAS: dict[str, Document] = {
    "About": _object(["version", "profile", "openapi_url"], version=_TEXT, profile=_URI, openapi_url=_URI),
    "Service": _object(
        ["id", "name", "status"],
        id=_ID, organization_id=_ID, name=_TEXT, description=_TEXT, url=_URI, email=_EMAIL,
        status={"type": "string", "enum": ["active"]}, fees=_TEXT, accreditations=_TEXT, minimum_age=_NUMBER,
        maximum_age=_NUMBER, eligibility_description=_TEXT, application_process=_TEXT, assured_date=_DAY,
        last_modified={"type": "string", "format": "date-time"}, organization=_ref("Organization"),
        schedules=_list("Schedule"), service_areas=_list("ServiceArea"),
        service_at_locations=_list("Place"), languages=_list("Language"), funding=_list("Funding"),
        cost_options=_list("CostOption"), contacts=_list("Contact"), attributes=_list("Attribute"),
        local_offer=_ref("LocalOffer"),
    ),
    "LocalOffer": {
        "description": "What a local offer must say and the standard has no word for.",
        **_object(
            [], page=_URI, summary=_TEXT, keywords=_TEXT, who_decides=_TEXT, complaints=_TEXT,
            waiting_time=_TEXT, waiting_weeks={"type": "integer"}, waiting_as_of=_DAY,
            areas_served=_TEXTS, last_checked_by=_TEXT, review_by=_DAY, sen_information_report_url=_URI,
            sen_information_report_date=_DAY,
            practice={"type": "object", "additionalProperties": _TEXT},
        ),
    },
    "Organization": _object(
        ["id", "name", "description"],
        id=_ID, name=_TEXT, description=_TEXT, email=_EMAIL, website=_URI,
        organization_identifiers=_list("OrganizationIdentifier"), attributes=_list("Attribute"),
    ),
    "OrganizationIdentifier": _object(
        ["id", "identifier_type", "identifier"],
        id=_ID, identifier_scheme=_TEXT, identifier_type=_TEXT, identifier=_TEXT,
    ),
    "Place": _object(["id"], id=_ID, location=_ref("Location")),
    "ServiceAtLocation": _object(
        ["id", "service_id", "location_id", "name", "status", "location", "service"],
        id=_ID, service_id=_ID, location_id=_ID, name=_TEXT, status={"type": "string", "enum": ["active"]},
        location=_ref("Location"), service=_ref("Service"),
    ),
    "Location": _object(
        ["id", "location_type"],
        id=_ID, location_type={"type": "string", "enum": ["physical"]}, name=_TEXT, description=_TEXT,
        latitude=_NUMBER, longitude=_NUMBER, addresses=_list("Address"),
        accessibility=_list("Accessibility"), attributes=_list("Attribute"),
        local_offer=_object([], address_hidden=_TRUTH, before_you_go=_TEXTS),
    ),
    "Address": _object(
        ["id", "address_1", "city", "state_province", "postal_code", "country", "address_type"],
        id=_ID, address_1=_TEXT, city=_TEXT, state_province=_TEXT, postal_code=_TEXT, country=_TEXT,
        address_type={"type": "string", "enum": ["physical"]},
    ),
    "Accessibility": _object(["id"], id=_ID, description=_TEXT),
    "Schedule": _object(
        ["id"],
        id=_ID, freq={"type": "string", "enum": ["WEEKLY"]}, interval=_NUMBER, byday=_TEXT, opens_at=_TEXT,
        closes_at=_TEXT, description=_TEXT, notes=_TEXT, service_at_location_id=_ID,
        valid_from=_DAY, valid_to=_DAY, local_offer=_object([], when=_TEXT, closed=_TEXTS, extra=_TEXTS),
    ),
    "ServiceArea": _object(["id"], id=_ID, name=_TEXT, service_area=_TEXT),
    "Language": _object(["id"], id=_ID, name=_TEXT, code=_TEXT),
    "Funding": _object(["id"], id=_ID, source=_TEXT),
    "CostOption": _object(
        ["id"], id=_ID, option=_TEXT, amount=_NUMBER, currency=_TEXT, amount_description=_TEXT
    ),
    "Contact": _object(
        ["id"], id=_ID, location_id=_ID, title=_TEXT, email=_EMAIL, phones=_list("Phone")
    ),
    "Phone": _object(["id", "number"], id=_ID, number=_TEXT),
    "Attribute": _object(
        ["id"], id=_ID, link_type=_TEXT, taxonomy_term_id=_ID, taxonomy_term=_ref("TaxonomyTerm")
    ),
    "Taxonomy": _object(
        ["id", "name", "description"],
        id=_ID, name=_TEXT, description=_TEXT, version=_TEXT, taxonomy_terms=_list("TaxonomyTerm"),
    ),
    "TaxonomyTerm": _object(
        ["id", "name", "description"],
        id=_ID, code=_TEXT, name=_TEXT, description=_TEXT, parent_id=_ID, taxonomy=_TEXT, taxonomy_id=_ID,
    ),
    "Page": _object(
        ["total_items", "total_pages", "page_number", "size", "first_page", "last_page", "empty", "contents"],
        total_items={"type": "integer"}, total_pages={"type": "integer"}, page_number={"type": "integer"},
        size={"type": "integer"}, first_page=_TRUTH, last_page=_TRUTH, empty=_TRUTH,
        contents={"type": "array"},
    ),
    "Problem": _object(
        ["type", "title", "status", "detail"],
        type=_TEXT, title=_TEXT, status={"type": "integer"}, detail=_TEXT,
        errors={"type": "array", "items": _object(["parameter", "detail"], parameter=_TEXT, detail=_TEXT)},
    ),
}  # fmt: skip

# (path, what it is, schema of one, parameters of the list)
_LISTS = (
    ("services", "services", "Service", SERVICES),
    ("service_at_locations", "services at places", "ServiceAtLocation", SERVICES),
    ("taxonomies", "taxonomies", "Taxonomy", PAGING),
    ("taxonomy_terms", "terms of taxonomies", "TaxonomyTerm", PAGING),
)


def document(server: str, council: str) -> Document:
    """The whole document. `server` is the API's address without a slash at its end."""
    about = _operation("about", "What this API is.", _ref("About"), faults=())
    paths: Document = {"/": {"get": about}}
    for path, what, schema, names in _LISTS:
        page = {
            "allOf": [_ref("Page")],
            "properties": {"contents": {"type": "array", "items": _ref(schema)}},
        }
        listed = _operation(f"list_{path}", f"A page of {what}.", page, faults=("400",))
        listed["parameters"] = [{"$ref": f"#/components/parameters/{name}"} for name in names]
        one = _operation(f"get_{path}", f"One of the {what}, whole.", _ref(schema), faults=("404",))
        one["parameters"] = [{"in": "path", "name": "id", "required": True, "schema": _ID}]
        paths |= {f"/{path}": {"get": listed}, f"/{path}/{{id}}": {"get": one}}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": f"{council}: SEND local offer, Open Referral UK",
            "version": "3.0",
            "description": "Services for children and young people with special educational needs or a "
            "disability, as Open Referral UK 3.0. No key is needed.",
        },
        "servers": [{"url": server}],
        "paths": paths,
        "components": {
            "schemas": SCHEMAS,
            "parameters": {name: _parameter(name) for name in PARAMETERS},
        },
    }


def _parameter(name: str) -> Document:
    parameter = PARAMETERS[name]
    many = {"type": "array", "items": parameter.schema, "maxItems": 20}
    described = {
        "in": "query",
        "name": name,
        "required": False,
        "description": parameter.description,
        "schema": many if parameter.many else parameter.schema,
    }
    return described | ({} if parameter.example is None else {"example": parameter.example})


def _operation(name: str, summary: str, schema: Document, faults: Sequence[str]) -> Document:
    problem = {"application/problem+json": {"schema": _ref("Problem")}}
    words = {"400": "A parameter is wrong; `errors` says which.", "404": "There is no such thing."}
    return {
        "operationId": name,
        "summary": summary,
        "responses": {
            "200": {"description": "It.", "content": {"application/json": {"schema": schema}}},
            "304": {"description": "It has not changed since the ETag that you sent."},
            **{status: {"description": words[status], "content": problem} for status in faults},
        },
    }
