"""A dry run says what a value is called, not the key that it is kept by."""

import pytest

from services.importers.planning import field_words
from services.importers.showing import shown
from services.vocabulary import labels, load

pytestmark = pytest.mark.django_db
TUESDAY = {"days": ["TU"], "opens": "09:00:00", "closes": "10:30:00", "when": "term_time"}


@pytest.fixture(autouse=True)
def _words():
    load()


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("section", "social_care", "Care, short breaks and family life"),
        ("level", "", "nothing"),
        ("delivery", ["in_person", "made up"], "In person, made up"),
        ("organisation provider type", "nhs", "NHS"),
        ("place access", ["step_free"], "Step-free"),
        ("costs", [{"kind": "charged", "amount": "4.50", "note": "A session."}], "£4.50 a session."),
        ("costs", [], "nothing"),
        ("schedules", [TUESDAY], "Tuesday, 9am to 10:30am, in term time"),
        ("schedules", [TUESDAY | {"closed": ["2026-12-25"]}],
         "Tuesday, 9am to 10:30am, in term time, closed on 2026-12-25"),
        ("contacts", [{"role": "Office", "phone": "0117 496 0100", "location": "hall-1"}],
         "Office, 0117 496 0100, at which place hall-1"),
        ("summary", "universal", "universal"),
        ("min age", 5, "5"),
        ("section", "deleted here", "deleted here"),
    ],
)  # fmt: skip
def test_value_when_shown_then_in_the_words_that_families_read(field, value, said):
    assert shown(field, value) == said


def test_needs_when_shown_then_by_what_they_are_called():
    assert shown("needs", ["ASD"]) == labels("need")["ASD"]


def test_value_when_it_has_lines_then_is_said_in_one():
    assert field_words("First.\n\n  Second.\r\nThird.") == "First. Second. Third."
    assert field_words("word \n" * 100) == f"{'word ' * 15}word…"
