"""Labels of the vocabularies, remembered, and their CSV files."""

from django.core.cache import cache

from services.enums import TermKind

CACHE_SECONDS = 300


def labels(kind: str) -> dict[str, str]:
    """Key to label of every term in use of `kind`: a `TermKind`, `need` or `category`."""
    return cache.get_or_set(f"vocabulary:{kind}", lambda: _read(kind), CACHE_SECONDS)


def _read(kind: str) -> dict[str, str]:
    from services.models import Category, Need, VocabularyTerm

    if kind == "need":
        rows = Need.objects.filter(retired=False)
    elif kind == "category":
        rows = Category.objects.filter(retired=False)
    else:
        rows = VocabularyTerm.objects.filter(kind=kind, retired=False)
    return dict(rows.values_list("key", "label"))


def forget() -> None:
    """Drop the remembered labels after a term changed."""
    cache.delete_many([f"vocabulary:{kind}" for kind in [*TermKind.values, "need", "category"]])
