"""The address of a service's page."""

import pytest
from django.urls import set_script_prefix

from services import addresses
from services.models.service import Service, make_slug


@pytest.mark.parametrize("name", ["Play & talk", "987654321 a-name", "50% off: café", "…"])
@pytest.mark.parametrize("prefix", ["/", "/offer/"])
def test_address_when_only_number_and_name_are_known_then_as_the_service_says(name, prefix):
    service = Service(pk=12, slug=make_slug(name))
    set_script_prefix(prefix)
    try:
        assert addresses.detail(12, service.slug) == service.get_absolute_url()
        assert addresses.detail(12, service.slug).startswith(prefix)
    finally:
        set_script_prefix("/")
