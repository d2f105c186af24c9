"""Pages of other sites may read what is public: browsers ask first, and are answered."""

import pytest
from django.urls import reverse

from tests.factories import make_authority

ADDRESSES = [
    ("services:data",), ("services:data_file", "sample-csv"), ("services:changes",), ("oruk:guide",),
    ("oruk:openapi",), ("oruk:services",), ("coverage_json",), ("feedback:log_csv",), ("feedback:log_json",),
    ("feedback:log_feed",),
]  # fmt: skip

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("name", ADDRESSES, ids=str)
def test_open_data_when_a_browser_asks_first_then_told_that_any_site_may_read(client, name):
    make_authority()
    address = reverse(name[0], args=name[1:])
    asked = client.options(address, HTTP_ORIGIN="https://x.example", HTTP_ACCESS_CONTROL_REQUEST_METHOD="GET")
    assert (asked.status_code, asked["Allow"]) == (204, "GET, HEAD, OPTIONS")
    for response in (asked, client.get(address), client.head(address)):
        assert response["Access-Control-Allow-Origin"] == "*"
    assert client.head(address).status_code == 200
    assert "If-None-Match" in asked["Access-Control-Allow-Headers"]
    assert client.post(address).status_code == 405
