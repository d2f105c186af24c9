"""What search keeps of what families look for: counts of words, of nobody in particular."""

from wagtail.models import Site

from localoffer.personal_data import Kept
from search import log


def _how_long(site: Site) -> str:
    return f"{log.KEEP_DAYS} days; words that stay rare are forgotten after {log.WINDOW_DAYS}"


def declarations() -> list[Kept]:
    """For the hook `localoffer_personal_data`."""
    return [
        Kept(
            key="search_counts",
            what="Words that were searched for, by day and first half of the postcode. Nobody’s own",
            whose=f"Nobody: words are kept only once {log.ENOUGH} searches were made for them on two days",
            why="To find what is missing and which words families use",
            basis="Public task",
            how_long=_how_long,
            removed_by="manage.py purge_search_log, run daily",
            seen_by="Staff who look after search",
            holds=("search.SearchCount.*", "search.RareSearch.*"),
        ),
    ]
