"""A second, small council in the same installation, so that one can see what is shared and what is not.

Marrowdale is invented. Its pages, services and comments are its own; one of its services is national,
so that families of the first council find it too.
"""

import json
import secrets
from datetime import date
from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db import transaction
from wagtail.models import Site

from localoffer.demo import SLUGS
from localoffer.founding import make_groups
from localoffer.models import SECTION_PAGES, CouncilSettings
from localoffer.regulations import Section
from localoffer.sanitising import clean_html
from localoffer.staff_groups import group_name

FOLDER = "second"
OFFICER_ROLES = ("Council editor", "Council publisher", "Comment moderator")


def read(folder: Path) -> dict[str, Any]:
    """{"hostname", "settings"} of the second council."""
    return json.loads((folder / FOLDER / "council.json").read_text(encoding="utf-8"))


@transaction.atomic
def set_up(site: Site, given: dict[str, Any]) -> None:
    """Its settings, once: what staff changed since is kept."""
    council = CouncilSettings.for_site(site)
    if council.phone:
        return
    for field, value in given["settings"].items():
        setattr(council, field, value)
    council.full_clean(exclude=["site"])
    council.save()


@transaction.atomic
def load_pages(site: Site, folder: Path) -> int:
    """Publish the sections that are not there yet; how many."""
    rows = json.loads((folder / FOLDER / "sections.json").read_text(encoding="utf-8"))
    home = site.root_page
    present = set(home.get_children().values_list("slug", flat=True))
    new = [row for row in rows if SLUGS[Section(row["section"])] not in present]
    for row in new:
        section = Section(row["section"])
        page = SECTION_PAGES[section](
            title=row["title"], slug=SLUGS[section], introduction=row["introduction"], live=False
        )
        page.answers = [_block(answer) for answer in row["answers"]]
        home.add_child(instance=page)
        page.save_revision().publish()
        home.refresh_from_db()
    return len(new)


def _block(answer: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    if "promise" in answer:
        promise = answer["promise"]
        return "not_published", {
            "requirement": answer["key"],
            "responsible_role": promise["role"],
            "expected_on": date.fromisoformat(promise["expected_on"]),
            "note": "",
            "until_then": promise["until_then"],
        }
    return "answer", {
        "requirement": answer["key"],
        "heading": "",
        "body": clean_html(answer["body"]),
        "documents": [],
        "services": [],
        "service_categories": [],
        "owner": answer["owner"],
        "reviewed_on": date.fromisoformat(answer["reviewed_on"]),
        "review_by": date.fromisoformat(answer["review_by"]),
    }


def officers(sites: list[Site], kept: Path) -> list[tuple[Site, str, str]]:
    """An officer of each council, made once: (council, user name, password). The passwords are random
    and kept in a file that only this user can read."""
    known = json.loads(kept.read_text(encoding="utf-8")) if kept.exists() else {}
    people, found = get_user_model().objects, []
    for site in sites:
        make_groups(site)
        name = f"officer-{CouncilSettings.for_site(site).area_name.lower()}"
        if not people.filter(username=name).exists():
            known[name] = secrets.token_urlsafe(12)
            officer = people.create_user(name, f"{name}@example.org", known[name])
            names = [group_name(role, site) for role in OFFICER_ROLES]
            officer.groups.set(Group.objects.filter(name__in=names))
        found.append((site, name, known.get(name, "(the one you set)")))
    kept.touch(mode=0o600)
    kept.write_text(json.dumps(known), encoding="utf-8")
    return found
