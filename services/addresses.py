"""The address of a service's page, for lists of them."""

from functools import lru_cache

from django.urls import get_script_prefix, get_urlconf, reverse

_PK, _SLUG = 987654321, "a-name"


def detail(pk: int, slug: str) -> str:
    """As `Service.get_absolute_url`, where only these two are known. `slug` is of `make_slug`, so nothing in
    it needs quoting."""
    before, between, after = _around(get_urlconf(), get_script_prefix())
    return f"{before}{pk}{between}{slug}{after}"


@lru_cache(maxsize=8)
def _around(urlconf: str | None, prefix: str) -> tuple[str, str, str]:
    """What stands around the number and the name: the same for every service of a page of results."""
    before, _, rest = reverse("services:detail", args=[_PK, _SLUG]).partition(str(_PK))
    between, _, after = rest.partition(_SLUG)
    return before, between, after
