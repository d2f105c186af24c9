"""An audit in the shapes that people and programs read: page, table, JSON."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from localoffer.blocks import SECTION_WORDS
from localoffer.coverage import STATUS_WORDS, Audit, Finding, Status
from localoffer.regulations import WEIGHT_WORDS, Section, Weight

# How the shared status tag draws each.
STATUS_TAGS = {
    Status.MET: "done",
    Status.PARTLY: "under_way",
    Status.STALE: "out_of_date",
    Status.MISSING: "missing",
    Status.NOT_APPLICABLE: "not_applicable",
}


@dataclass(frozen=True, slots=True)
class CoverageRow:
    """A requirement as the public page shows it."""

    finding: Finding
    tag: str
    words: str
    url: str
    weight: str

    @property
    def promise(self) -> str:
        """Who will publish what is missing, and by when."""
        gap = next((page for page in self.finding.pages if page.kind == "not_published"), None)
        return f"{gap.role} will publish this by {gap.expected_on:%-d %B %Y}." if gap else ""


@dataclass(frozen=True, slots=True)
class CoverageSection:
    title: str
    key: str
    rows: tuple[CoverageRow, ...]


def as_sections(result: Audit) -> list[CoverageSection]:
    """Every finding, grouped by section in the law's order."""
    return [
        CoverageSection(
            SECTION_WORDS[section],
            section.value,
            tuple(_row(f) for f in result.findings if f.requirement.section is section),
        )
        for section in Section
    ]


def _row(finding: Finding) -> CoverageRow:
    url = finding.pages[0].url if finding.pages else ""
    weight = WEIGHT_WORDS[finding.requirement.weight]
    return CoverageRow(finding, STATUS_TAGS[finding.status], STATUS_WORDS[finding.status], url, weight)


def figures(result: Audit) -> list[tuple[str, int]]:
    """(words, count) of the head of the page; they add up to all the requirements."""
    counts = result.count()
    words = {
        Status.MET: "answered and in date",
        Status.PARTLY: "answered in part",
        Status.STALE: "out of date",
        Status.MISSING: "not published yet",
        Status.NOT_APPLICABLE: "do not apply here",
    }
    return [(words[status], counts[status]) for status in Status if counts[status]]


def as_data(result: Audit, absolute: Callable[[str], str] = str) -> dict[str, Any]:
    """Every requirement's key, section, weight, status and evidence, for JSON."""
    return {
        "authority": result.site_name,
        "date": result.today.isoformat(),
        "wording": "Our own words, not legal advice.",
        "score": {weight.value: round(result.score(weight), 1) for weight in Weight},
        "requirements": [_data_row(finding, absolute) for finding in result.findings],
    }


def _data_row(finding: Finding, absolute: Callable[[str], str]) -> dict[str, Any]:
    requirement = finding.requirement
    return {
        "key": requirement.key,
        "section": requirement.section.value,
        "weight": requirement.weight.value,
        "summary": requirement.summary,
        "reference": requirement.public_reference or None,
        "status": finding.status.value,
        "signed_off_on": finding.sign_off.signed_on.isoformat() if finding.sign_off else None,
        "last_checked": finding.last_checked.isoformat() if finding.last_checked else None,
        "pages": [absolute(page.url) for page in finding.pages],
        "evidence": [{"part": p.name, "status": p.status.value, "words": p.words} for p in finding.parts],
    }


TABLE_HEADINGS = [
    "Section",
    "Requirement",
    "Key",
    "Weight",
    "Reference",
    "Status",
    "Why",
    "Last checked",
    "Signed off by",
    "Signed off on",
    "Page",
]


def as_rows(findings: list[Finding]) -> list[list[str]]:
    """The findings as rows of text under `TABLE_HEADINGS`."""
    return [
        [
            SECTION_WORDS[f.requirement.section],
            f.requirement.question,
            f.requirement.key,
            f.requirement.weight.value,
            f.requirement.public_reference,
            STATUS_WORDS[f.status],
            "; ".join(f"{p.name}: {p.words}" for p in f.parts),
            f.last_checked.isoformat() if f.last_checked else "",
            f.sign_off.name if f.sign_off else "",
            f.sign_off.signed_on.isoformat() if f.sign_off else "",
            f.pages[0].url if f.pages else "",
        ]
        for f in findings
    ]
