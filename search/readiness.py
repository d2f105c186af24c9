"""Whether families would be answered, for /readyz, and what a worker makes ready for them."""

from django.db import close_old_connections

from localoffer.health import Check, State
from search import engines, index
from search.engines import text
from search.models import IndexedDocument

PROBE = [[("probe",)]]


def prepare() -> None:
    """A worker holds the index before its first question."""
    engines.current().prepare()
    close_old_connections()


def readiness() -> Check:
    return Check("search", _probe)


def _probe() -> State:
    """The built-in search must answer, for it answers where a search server fails: that is `degraded`.

    An index with nothing in it has failed where there is something to find: run rebuild_index.
    """
    text.matcher().holding(PROBE)
    if not IndexedDocument.objects.filter(removed=False).exists() and index.should_hold():
        return State.FAILED
    return State.DEGRADED if engines.current().problems() else State.OK
