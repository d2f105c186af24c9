"""Whatever is asked of the API, it answers or says what is wrong: never an error of its own."""

import json

import pytest
import schemathesis
from django.http import QueryDict
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from schemathesis import GenerationMode

from services.oruk.openapi import SCHEMAS, document
from services.oruk.parameters import PARAMETERS, BadParameters, read

DOCUMENT = json.loads(json.dumps(document("http://testserver/open-referral", "Avonmere Council")))
OPENAPI = schemathesis.openapi.from_dict(DOCUMENT)
PROBLEM = Draft202012Validator(SCHEMAS["Problem"])
PAGE = Draft202012Validator(SCHEMAS["Page"])
PER_ADDRESS = settings(
    max_examples=30, deadline=None, database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow,
                           HealthCheck.filter_too_much],
)  # fmt: skip


def answered(client, path: str, query: dict) -> None:
    """The answer is one of those that the document names, and of their shape."""
    response = client.get(f"/open-referral{path}", query)
    assert response.status_code in (200, 400, 404)
    assert response["Access-Control-Allow-Origin"] == "*"
    if response.status_code == 200:
        if "{id}" not in path and "total_items" in response.json():
            PAGE.validate(response.json())
    else:
        assert response["Content-Type"] == "application/problem+json"
        PROBLEM.validate(response.json())


RIGHT, WRONG = GenerationMode.POSITIVE, GenerationMode.NEGATIVE
# There is nothing to get wrong in asking for the root.
ASKED = [(path, mode) for path in sorted(DOCUMENT["paths"]) for mode in (RIGHT, WRONG)]
ASKED.remove(("/", WRONG))


@pytest.mark.parametrize(("path", "mode"), ASKED)
def test_address_when_asked_as_the_document_says_or_not_then_never_a_500(client, demonstration, path, mode):
    @PER_ADDRESS
    @given(case=OPENAPI[path]["GET"].as_strategy(generation_mode=mode))
    def ask(case):
        given_path = path
        for name, value in (case.path_parameters or {}).items():
            given_path = given_path.replace(f"{{{name}}}", str(value))
        query = {name: value for name, value in (case.query or {}).items() if value is not None}
        answered(client, given_path, query)

    ask()


TEXTS = st.one_of(
    st.text(max_size=30),
    st.sampled_from(["", " ", "1", "-1", "1e9", "NaN", "٣", "9" * 400, "MO", "12:00", "BS5 6RJ", "BFPO 1",
                     "2026-01-01T00:00:00Z", "0001-01-01", "9999-12-31T23:59:59-14:00", "true", "\x00"]),
)  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(sent=st.lists(st.tuples(st.sampled_from(sorted(PARAMETERS)), TEXTS), max_size=6))
def test_parameters_when_anything_is_sent_then_values_or_words_about_them(sent):
    query = QueryDict(mutable=True)
    for name, text in sent:
        query.appendlist(name, text)
    faults: list[tuple[str, str]] = []
    found = {}
    try:
        found = read(query, list(PARAMETERS))
    except BadParameters as bad:
        faults = bad.faults or [("", "")]
    assert all(name in query and reason for name, reason in faults)
    assert set(found) <= {name for name, _ in sent}
