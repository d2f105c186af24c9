"""The page of the record of processing says what the code declares, in the same words."""

from pathlib import Path

import pytest
from django.conf import settings

from localoffer.personal_data import declared
from tests.factories import make_home

PAGE = Path(settings.BASE_DIR) / "docs/data-protection.md"
HEAD = "| What | Whose | Why | How long | Removed by | Who sees it |\n|---|---|---|---|---|---|\n"


@pytest.mark.django_db
def test_record_of_processing_when_read_then_it_is_what_the_code_declares():
    site = make_home().get_site()
    rows = "".join(
        f"| {one.what} | {one.whose} | {one.why} | {kept} | {one.removed_by} | {one.seen_by} |\n"
        for one in declared()
        for kept in [one.how_long(site)]
    )
    assert HEAD + rows in PAGE.read_text(encoding="utf-8"), f"Put this into the page:\n{HEAD}{rows}"
