"""A council's colours can be read."""

import pytest
from django.core.exceptions import ValidationError

from localoffer.colour import contrast
from localoffer.models import CouncilSettings


def test_contrast_when_black_on_white_then_21():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#0b5351", "#ffffff") == pytest.approx(8.9, abs=0.1)


def test_contrast_when_not_a_colour_then_value_error():
    with pytest.raises(ValueError, match="not a colour"):
        contrast("red", "#ffffff")


@pytest.mark.parametrize(
    ("field", "colour"),
    [("brand_colour", "#999999"), ("paper_colour", "#333333"), ("accent_colour", "red;}")],
)
def test_settings_when_a_colour_cannot_be_read_then_refused_at_the_field(authority, field, colour):
    council = CouncilSettings.for_site(authority)
    setattr(council, field, colour)
    with pytest.raises(ValidationError) as caught:
        council.full_clean()
    assert field in caught.value.message_dict
