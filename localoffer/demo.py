"""The demonstration council's settings and pages, from `demo/`."""

import json
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

from django.db import transaction
from wagtail.models import Site

from localoffer import demo_history, demo_pages
from localoffer.coverage import Status, audit
from localoffer.demo_twins import load_twins
from localoffer.models import SECTION_PAGES, CouncilSettings, GuidancePage, SectionPage, SignOff
from localoffer.regulations import Section, for_section, get_requirement
from localoffer.sanitising import clean_html, plain_text
from localoffer.signing import sign_off

COUNCIL = {
    "council_name": "Avonmere Council",
    "area_name": "Avonmere",
    "region": "South West",
    # The postcodes of the demonstration are real ones of Bristol, so its schools count as local.
    "local_authority_names": "Avonmere; Bristol, City of; Bristol City of; Bristol",
    "phone": "0117 496 0100",
    "phone_hours": "Monday to Friday, 9am to 5pm",
    "email": "localoffer@avonmere.example.org",
    "postal_address": "Family information team, Avonmere Council, 1 Harbour Square, Avonmere, BS1 4ST",
    "advice_service_name": "Avonmere SENDIASS",
    "advice_service_phone": "0117 496 0700",
    "forum_name": "Avonmere Parent Carer Voice",
    "made_with": "Avonmere Parent Carer Voice and The Loud Table",
}
SLUGS = {
    Section.EDUCATION: "education",
    Section.HEALTH: "health",
    Section.SOCIAL_CARE: "social-care",
    Section.TRANSPORT: "transport",
    Section.ADULTHOOD: "preparing-for-adulthood",
    Section.REDRESS: "disagreements-and-appeals",
    Section.ADVICE: "advice",
    Section.ACCESS: "how-to-get-help",
}


# What stands behind each door of the front page.
DOORS = {
    Section.EDUCATION: "Nurseries, schools and colleges, and the help each one gives.",
    Section.HEALTH: "Talking, moving, eating, sleep and feelings. How long the wait is.",
    Section.SOCIAL_CARE: "Breaks, clubs, childcare, social workers and help at home.",
    Section.TRANSPORT: "Travel to school or college, passes, bus training and fuel money.",
    Section.ADULTHOOD: "Jobs, training, money, friends and a place to live, from 14.",
    Section.REDRESS: "Your rights. How to complain, use mediation or appeal.",
    Section.ADVICE: "Free advice, helplines, and parents who have been through it.",
    Section.ACCESS: "How to ask, who decides, and what happens each week.",
}
# Shown as text: a file may hold HTML here all the same.
PLAIN_FACTS = ("eligibility", "how_to_get_it", "who_decides", "if_you_disagree")
SIGNED_ON = date(2026, 10, 5)


def move_council(*, name: str, hostname: str, port: int) -> None:
    """The council that is there already answers at this address from now on: a demonstration that is
    served at another port is the same one."""
    for site in Site.objects.filter(site_name=name).exclude(hostname=hostname, port=port)[:1]:
        site.hostname, site.port = hostname, port
        site.save()


def set_up_council(site: Site) -> None:
    """The demonstration's settings, once: what staff changed since is kept."""
    council = CouncilSettings.for_site(site)
    if council.phone:
        return
    for field, value in COUNCIL.items():
        setattr(council, field, value)
    council.full_clean(exclude=["site"])
    council.save()


@transaction.atomic
def load_pages(site: Site, folder: Path, progress: Callable[[list[Any]], Iterator[Any]] = iter) -> int:
    """Publish the sections and guidance pages that are not there yet; returns how many were made."""
    offer = json.loads((folder / "sections.json").read_text(encoding="utf-8"))
    promises = json.loads((folder / "promises.json").read_text(encoding="utf-8"))
    home = site.root_page
    present = set(home.get_children().values_list("slug", flat=True))
    answers = {row["key"]: _answer(row) for row in offer["answers"]}
    gaps = {
        key: _not_published(key, note, promises[key])
        for key, note in offer["deliberately_missing_notes"].items()
    }
    pages = [_section_page(row, answers | gaps) for row in offer["sections"]]
    pages += [_guidance_page(row) for row in json.loads((folder / "pages.json").read_text(encoding="utf-8"))]
    pages += demo_pages.pages(folder)
    new = [page for page in pages if page.slug not in present]
    if len(new) == len(pages):
        demo_history.date_back(home, demo_history.OPENED)  # the front page is as old as the rest
    for page in progress(new):
        demo_history.publish(home, page)
    demo_pages.load_words(site, folder)
    demo_pages.load_redirects(site)
    return len(new) + demo_pages.load_news(site, folder) + load_twins(site)


def load_sign_offs(site: Site) -> int:
    """Signatures for what the law demands and the evidence meets, once; the rest waits for a person."""
    if SignOff.objects.filter(authority=site).exists():
        return 0
    met = [f for f in audit(site).findings if f.status is Status.MET and f.requirement.is_mandatory]
    for finding in met:
        sign_off(
            authority=site,
            requirement=finding.requirement.key,
            name="Local Offer manager, Avonmere Council",
            note="Read with two parents from the forum.",
            on=SIGNED_ON,
        )
    return len(met)


def _section_page(row: dict[str, Any], blocks: dict[str, tuple[str, dict[str, Any]]]) -> SectionPage:
    section = Section(row["section"])
    page = SECTION_PAGES[section](
        title=row["title"],
        slug=SLUGS[section],
        introduction=row["intro"],
        search_description=DOORS[section],
        live=False,
    )
    page.answers = [blocks[r.key] for r in for_section(section) if r.key in blocks]
    return page


def _guidance_page(row: dict[str, Any]) -> GuidancePage:
    return GuidancePage(
        title=row["title"],
        slug=row["slug"],
        introduction=row["introduction"],
        body=clean_html(row["body"]),
        reviewed_on=date(2026, 11, 20),
        review_by=date(2027, 11, 20),
        live=False,
    )


def _answer(row: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    question = get_requirement(row["key"]).question
    documents = [
        {"title": d["title"], "url": d["url"], "period": d.get("period") or "", "document": None}
        for d in row["documents"]
    ]
    return "answer", {
        "requirement": row["key"],
        "heading": "" if row["heading"] == question else row["heading"],
        "body": clean_html(row["body_html"]),
        **{name: plain_text(row[name] or "") for name in PLAIN_FACTS},
        "documents": documents,
        "service_categories": row["category_keys"],
        "services": [],
        "owner": "",
        "reviewed_on": row["reviewed_on"] and date.fromisoformat(row["reviewed_on"]),
        "review_by": row["review_by"] and date.fromisoformat(row["review_by"]),
        "co_produced_with": row["co_produced_with"] or "",
    }


def _not_published(key: str, note: str, promise: dict[str, str]) -> tuple[str, dict[str, Any]]:
    return "not_published", {
        "requirement": key,
        "responsible_role": promise["role"],
        "expected_on": date.fromisoformat(promise["expected_on"]),
        "note": note.replace(" This is a statutory gap.", ""),
        "until_then": promise["until_then"],
    }
