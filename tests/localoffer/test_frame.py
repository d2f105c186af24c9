"""The frame around every public page: links to what exists, remembered, forgotten in time."""

import pytest
from django.template.loader import render_to_string
from django.test import RequestFactory

pytestmark = pytest.mark.django_db


def draw(path: str = "/") -> str:
    request = RequestFactory().get(path)
    return render_to_string("base.html", request=request)


def test_frame_when_warm_then_no_query(authority, django_assert_num_queries):
    draw()
    with django_assert_num_queries(0):
        draw()
