"""Pages of a list: whatever the address says, there is a page to show."""

import pytest
from django.apps import apps
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st
from wagtail.models import Orderable

from localoffer.apps import OURS
from localoffer.pagination import paginate


def at(page: str, total: int = 100, per_page: int = 10):
    return paginate(total, QueryDict(f"page={page}"), per_page=per_page)


@pytest.mark.parametrize("asked", ["", "0", "-1", "seven", "1.5", "²", "٣", "9" * 5000, "%00"])
def test_paginate_when_page_is_nonsense_then_first(asked):
    assert at(asked).number == 1


def test_paginate_when_page_is_too_far_then_last():
    pager = at("9999", total=95)
    assert (pager.number, pager.first, pager.last, pager.next_url) == (10, 91, 95, "")


def test_paginate_when_nothing_then_one_empty_page():
    pager = at("3", total=0)
    assert (pager.number, pager.pages, pager.first, pager.last) == (1, 1, 0, 0)
    assert pager.slice == slice(0, 0)


def test_url_when_other_choices_then_they_are_kept_and_escaped():
    pager = paginate(50, QueryDict("need=ASD&need=HI&q=a%26b%22&page=2"), per_page=10)
    assert pager.next_url == "?need=ASD&need=HI&q=a%26b%22&page=3"
    assert pager.previous_url == "?need=ASD&need=HI&q=a%26b%22"


def test_links_when_many_pages_then_gaps_stand_for_those_left_out():
    assert [link.number for link in at("10", total=200).links] == [1, 0, 8, 9, 10, 11, 12, 0, 20]
    assert [link.number for link in at("10", total=200).links if link.current] == [10]


@given(total=st.integers(0, 5000), per_page=st.integers(1, 50), asked=st.text(max_size=12))
def test_paginate_when_anything_then_the_slice_stays_in_the_list(total, per_page, asked):
    query = QueryDict(mutable=True)
    query["page"] = asked
    pager = paginate(total, query, per_page=per_page)
    assert 0 <= pager.slice.start <= pager.slice.stop <= total
    assert pager.last - pager.first + 1 == len(range(total)[pager.slice]) or total == 0
    assert total == 0 or pager.slice.stop > pager.slice.start
    numbers = [link.number for link in pager.links if link.number]
    assert numbers == sorted(set(numbers))
    assert numbers[0] == 1
    assert numbers[-1] == pager.pages


@pytest.mark.parametrize(
    "model",
    [
        model
        for app in OURS
        for model in apps.get_app_config(app).get_models()
        if not issubclass(model, Orderable)  # numbered within one thing by Wagtail
    ],
    ids=lambda m: m._meta.label,
)
def test_models_when_they_have_an_order_then_no_two_rows_are_equal_in_it(model):
    """PostgreSQL gives equal rows in any order: one would stand on two pages, another on none."""
    names = [str(name).lstrip("-") for name in model._meta.ordering]
    fields = {f.name for f in model._meta.get_fields() if getattr(f, "unique", False)} | {"pk"}
    assert not names or fields & set(names)
