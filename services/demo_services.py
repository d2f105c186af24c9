"""Loading the demonstration council's services, by the road of every import: read, plan, apply."""

import json
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from wagtail.models import Site

from services.importers.applying import apply_plan
from services.importers.base import Progress, UnusableFile, no_progress
from services.importers.demonstration import DemonstrationImporter
from services.importers.planning import Plan, make_plan
from services.models import SchoolTerm, Service

# The invented council opened its directory with its site, so that a day in its past has services.
OPENED = datetime(2025, 9, 1, 9, tzinfo=UTC)
FILE = settings.BASE_DIR / "demo" / "services.jsonl"
TERMS_FILE = settings.BASE_DIR / "demo" / "school_terms.json"


def load_demo_services(
    *, authority: Site, path: Path | None = None, progress: Progress = no_progress
) -> Plan:
    """Load or refresh the demonstration services of an authority; what staff changed is kept.

    Raises UnusableFile, with nothing written, when a line of the file cannot be used.
    """
    path = path or FILE
    plan = make_plan(importer=DemonstrationImporter(), path=path, authority=authority, progress=progress)
    if plan.rejected:
        first = plan.rejected[0]
        raise UnusableFile(f"{path.name}, line {first.line}, {first.field}: {first.reason}")
    apply_plan(plan=plan, progress=progress)
    added = Service.objects.filter(authority=authority, source=DemonstrationImporter.source)
    added.filter(created_at__gt=OPENED).update(created_at=OPENED, first_published_at=OPENED)
    return plan


def load_school_terms(*, authority: Site) -> int:
    """Give the authority the demonstration's school terms, where it has none of its own; how many."""
    if SchoolTerm.objects.filter(authority=authority).exists():
        return 0
    rows = json.loads(TERMS_FILE.read_text(encoding="utf-8"))
    made = SchoolTerm.objects.bulk_create(SchoolTerm(authority=authority, **row) for row in rows)
    return len(made)
