"""For every requirement of the law the live evidence, and what it comes to.

Pages are read here; the apps above add what they hold through the Wagtail hook
`register_requirement_evidence`: a function `(site: Site, today: date) -> list[DirectoryEvidence]`.
Whoever checks links tells which of them are dead through `register_dead_links`: a function
`(urls: Collection[str]) -> Collection[str]`. Where staff mend what the directory lacks is told through
`register_evidence_address`: a function `(spec: str) -> str`, an address of the admin.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from html import unescape
from typing import Any

from django.utils import timezone
from wagtail import hooks
from wagtail.models import Site

from localoffer.digests import answer_digests, digest
from localoffer.models import CoverageSnapshot, SectionPage, SignOff
from localoffer.periods import is_in_force
from localoffer.regulations import REQUIREMENTS, Requirement, Section, Weight

HREF = re.compile(r'href="(https?://[^"]+)"')
# Below this share of the services it concerns, a fact is answered only in part.
ENOUGH_FILLED = 0.5


class Status(StrEnum):
    """What the evidence for a requirement comes to."""

    MET = "met"
    PARTLY = "partly"
    STALE = "stale"
    MISSING = "missing"
    NOT_APPLICABLE = "not_applicable"


STATUS_WORDS = {
    Status.MET: "Met",
    Status.PARTLY: "Partly met",
    Status.STALE: "Out of date",
    Status.MISSING: "Missing",
    Status.NOT_APPLICABLE: "Does not apply",
}


PART_LABELS = {"page": "Answer", "link": "Link", "document": "Document"}


@dataclass(frozen=True, slots=True)
class DirectoryEvidence:
    """What the directory holds for one part of `EvidenceNeeded`.

    `spec` is a services spec ("type:early_years") or a field name ("practice.teaching"). `count` is
    how many live services show it, `fresh` how many of those are within their review date, `of` how
    many it concerns (for a services spec the same as `count`), `examples` up to three (name, address).
    """

    spec: str
    count: int
    fresh: int
    of: int
    examples: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class PageEvidence:
    """One block of a live section page. `kind` is the block's type.

    `block_id` is its own in the editor. `digest` changes when its words do. `links` are the addresses
    outside this site that it leads to, `lost_documents` the titles of documents no longer in the library.
    """

    kind: str
    page_title: str
    url: str
    page_id: int = 0
    block_id: str = ""
    reviewed_on: date | None = None
    review_by: date | None = None
    document_periods: tuple[str, ...] = ()
    has_link: bool = False
    note: str = ""
    role: str = ""
    expected_on: date | None = None
    digest: str = ""
    links: tuple[str, ...] = ()
    lost_documents: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """One thing needed, and how it stands."""

    name: str
    status: Status
    words: str

    @property
    def label(self) -> str:
        """What it is, for an officer: "page" and the like, else a fact or kind of the directory."""
        return PART_LABELS.get(self.name) or f"Directory, {self.name.replace('_', ' ').replace(':', ' ')}"


@dataclass(frozen=True, slots=True)
class Finding:
    """A requirement, its status, and each part that led to it."""

    requirement: Requirement
    status: Status
    parts: tuple[Part, ...] = ()
    pages: tuple[PageEvidence, ...] = ()
    directory: tuple[DirectoryEvidence, ...] = ()
    sign_off: SignOff | None = None
    lapsed_sign_off: SignOff | None = None

    @property
    def is_green(self) -> bool:
        """Met by the evidence, and a named person has looked at these words within the year."""
        return self.status is Status.MET and self.sign_off is not None

    @property
    def digest(self) -> str:
        """Of the words that answer it; empty where no page does."""
        return combined_digest(self.pages)

    def signed(self, latest: SignOff | None, today: date) -> "Finding":
        """With its latest signature, which counts or has lapsed."""
        if latest is None:
            return self
        if latest.is_current(today, self.digest):
            return replace(self, sign_off=latest)
        return replace(self, lapsed_sign_off=latest)

    @property
    def last_checked(self) -> date | None:
        """When somebody last looked at the words that answer it."""
        days = [page.reviewed_on for page in self.pages if page.reviewed_on]
        return max(days) if days else None


@dataclass(frozen=True, slots=True)
class Audit:
    """All findings of one authority on one day."""

    site_name: str
    today: date
    findings: tuple[Finding, ...] = field(default=())

    def count(self, *, section: Section | None = None, weight: Weight | None = None) -> Counter[Status]:
        """How many findings have each status, in a section or of a weight."""
        return Counter(
            f.status
            for f in self.findings
            if section in (None, f.requirement.section) and weight in (None, f.requirement.weight)
        )

    @property
    def green(self) -> int:
        """How many findings are met and signed off."""
        return sum(finding.is_green for finding in self.findings)

    def score(self, weight: Weight) -> float:
        """Percent met of the requirements of one weight that apply; 100 where none applies."""
        counts = self.count(weight=weight)
        applying = counts.total() - counts[Status.NOT_APPLICABLE]
        return 100.0 * counts[Status.MET] / applying if applying else 100.0


def audit(site: Site, today: date | None = None, sections: Iterable[SectionPage] | None = None) -> Audit:
    """The evidence of every requirement for the authority of `site`, in a fixed number of queries.

    `sections` are the section pages to read; by default those that are live now.
    """
    today = today or timezone.localdate()
    pages = page_evidence(live_sections(site) if sections is None else sections)
    directory: dict[str, DirectoryEvidence] = {}
    for provide in hooks.get_hooks("register_requirement_evidence"):
        directory.update((found.spec, found) for found in provide(site, today))
    dead = dead_links(pages)
    latest = latest_sign_offs(site, today)
    findings = (assess(r, pages.get(r.key, ()), directory, today, dead) for r in REQUIREMENTS)
    return Audit(
        site.site_name or site.hostname,
        today,
        tuple(finding.signed(latest.get(finding.requirement.key), today) for finding in findings),
    )


def latest_sign_offs(site: Site, today: date) -> dict[str, SignOff]:
    """The latest signature for each requirement by that day, whether it still counts or not."""
    signed = SignOff.objects.filter(authority=site, signed_on__lte=today).order_by("signed_on", "pk")
    return {signature.requirement: signature for signature in signed}


def dead_links(pages: dict[str, tuple[PageEvidence, ...]]) -> frozenset[str]:
    """Which of the links of these answers lead nowhere, as far as anybody has checked."""
    urls = {url for evidence in pages.values() for page in evidence for url in page.links}
    if not urls:
        return frozenset()
    found = (check(urls) for check in hooks.get_hooks("register_dead_links"))
    return frozenset(url for dead in found for url in dead)


def combined_digest(pages: Iterable[PageEvidence]) -> str:
    """Of all the blocks that speak to one requirement; empty for none."""
    digests = sorted(page.digest for page in pages if page.digest)
    return digest(digests) if digests else ""


def take_snapshot(site: Site, result: Audit) -> CoverageSnapshot:
    """Keep how coverage stood on the day of the audit; a second one that day replaces the first."""
    snapshot, _ = CoverageSnapshot.objects.update_or_create(
        authority=site,
        taken_on=result.today,
        defaults={
            "statuses": {f.requirement.key: f.status.value for f in result.findings},
            "statutory_score": result.score(Weight.STATUTORY),
        },
    )
    return snapshot


def live_sections(site: Site) -> Iterable[SectionPage]:
    """The section pages families can read under a site now."""
    return SectionPage.objects.live().public().descendant_of(site.root_page).select_related("content_type")


def page_evidence(sections: Iterable[SectionPage]) -> dict[str, tuple[PageEvidence, ...]]:
    """Every bound block of the sections, by requirement key."""
    found: dict[str, tuple[PageEvidence, ...]] = {}
    for page in sections:
        address = page.get_url() or ""
        digests = answer_digests(type(page), {"answers": page.answers.get_prep_value()})
        for block in page.answers:
            key = block.value.get("requirement") or ""
            evidence = _read_block(block, page, f"{address}#{block.value.anchor}")
            evidence = replace(evidence, digest=digests.get(key, ""), block_id=str(block.id or ""))
            found[key] = (*found.get(key, ()), evidence)
    return found


def _read_block(block: Any, page: SectionPage, url: str) -> PageEvidence:
    value, title = block.value, page.title
    if block.block_type == "not_applicable":
        return PageEvidence("not_applicable", title, url, page.pk, note=value["reason"])
    if block.block_type == "not_published":
        return PageEvidence(
            "not_published",
            title,
            url,
            page.pk,
            note=value.get("note") or "",
            role=value["responsible_role"],
            expected_on=value["expected_on"],
        )
    documents = list(value["documents"])
    source = str(value["body"].source)
    outside = (*HREF.findall(source), *(d["url"] for d in documents if not d.get("document") and d["url"]))
    return PageEvidence(
        "answer",
        title,
        url,
        page.pk,
        reviewed_on=value.get("reviewed_on"),
        review_by=value.get("review_by"),
        document_periods=tuple(d.get("period") or "" for d in documents if d.href),
        has_link=any(d.href for d in documents) or "<a " in source or bool(value.get("service_categories")),
        links=tuple(unescape(url) for url in outside),
        lost_documents=tuple(d["title"] for d in documents if not d.href),
    )


def assess(
    requirement: Requirement,
    pages: tuple[PageEvidence, ...],
    directory: dict[str, DirectoryEvidence],
    today: date,
    dead: Collection[str] = (),
) -> Finding:
    """What one requirement comes to. Pure. `dead` are the links that lead nowhere.

    A declared gap is missing whatever the directory holds: the authority itself says so.
    """
    needed = requirement.evidence
    specs = (*needed.services, *needed.fields)
    held = tuple(directory[spec] for spec in specs if spec in directory)
    if any(page.kind == "not_published" for page in pages):
        gap = next(page for page in pages if page.kind == "not_published")
        part = Part("page", Status.MISSING, f"Not published yet: {gap.role}, by {gap.expected_on:%-d %B %Y}")
        return Finding(requirement, Status.MISSING, (part,), pages, held)
    if pages and all(page.kind == "not_applicable" for page in pages):
        part = Part("page", Status.NOT_APPLICABLE, pages[0].note)
        return Finding(requirement, Status.NOT_APPLICABLE, (part,), pages, held)
    answers = [page for page in pages if page.kind == "answer"]
    parts = [*_page_parts(requirement, answers, today), *_dead_parts(answers, dead)]
    parts += _directory_parts(specs, needed.fields, directory)
    return Finding(requirement, _sum_up(part.status for part in parts), tuple(parts), pages, held)


def _page_parts(requirement: Requirement, answers: list[PageEvidence], today: date) -> list[Part]:
    needed = requirement.evidence
    parts = []
    if answers:
        late = all(page.review_by and page.review_by < today for page in answers)
        words = "The answer is past its review date" if late else "Answered"
        parts.append(Part("page", Status.STALE if late else Status.MET, words))
    elif needed.page:
        parts.append(Part("page", Status.MISSING, "No answer on a live page"))
    if needed.link and not any(page.has_link for page in answers):
        parts.append(Part("link", Status.MISSING, "No link or document"))
    if needed.document:
        periods = [period for page in answers for period in page.document_periods]
        if not periods:
            parts.append(Part("document", Status.MISSING, "No document"))
        elif not is_in_force(periods, needed.document, today):
            parts.append(Part("document", Status.STALE, f"No document in force: {', '.join(periods)}"))
        else:
            parts.append(Part("document", Status.MET, "A document is in force"))
    return parts


def _dead_parts(answers: Iterable[PageEvidence], dead: Collection[str]) -> list[Part]:
    """What an answer sends families to that is not there."""
    answers = list(answers)
    broken = [url for page in answers for url in page.links if url in dead]
    lost = [title for page in answers for title in page.lost_documents]
    parts = [Part("link", Status.STALE, f"This link does not work: {url}") for url in broken]
    return parts + [Part("document", Status.STALE, f"No longer in the library: {title}") for title in lost]


def _directory_parts(
    specs: Iterable[str], fields: tuple[str, ...], directory: dict[str, DirectoryEvidence]
) -> list[Part]:
    parts = []
    for spec in specs:
        found = directory.get(spec)
        if found is None or not found.count:
            parts.append(Part(spec, Status.MISSING, "No live service shows it"))
        elif not found.fresh:
            parts.append(Part(spec, Status.STALE, f"All {found.count} are past their review date"))
        elif spec in fields and found.count < ENOUGH_FILLED * found.of:
            parts.append(Part(spec, Status.PARTLY, f"{found.count} of {found.of} services say"))
        else:
            parts.append(Part(spec, Status.MET, f"{found.count} live, {found.fresh} checked in time"))
    return parts


def _sum_up(statuses: Iterable[Status]) -> Status:
    """Nothing shown is missing; some shown is partly; else the worst of what is shown.

    Out of date weighs more than said by too few: families rely on what they read.
    """
    seen = set(statuses)
    if not seen or seen == {Status.MISSING}:
        return Status.MISSING
    if Status.MISSING in seen:
        return Status.PARTLY
    return next((status for status in (Status.STALE, Status.PARTLY) if status in seen), Status.MET)
