"""The roles that answer for things, read from everything the site says, and the table of duties."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from wagtail.models import Page, Site

from localoffer.coverage import live_sections
from localoffer.models import ResponsibilityPage, ScorecardPage, SelfEvaluationPage


@dataclass(frozen=True, slots=True)
class Use:
    """Where the site says that a role answers for something."""

    words: str
    url: str


@dataclass(frozen=True, slots=True)
class Duty:
    duty: str
    role: str
    uses: tuple[Use, ...] = ()


@dataclass(slots=True)
class Agency:
    name: str
    duties: list[Duty] = field(default_factory=list)


def key_of(role: str) -> str:
    """Roles are the same however they are spaced and capitalised."""
    return " ".join(role.casefold().split())


def read(page: ResponsibilityPage) -> list[Agency]:
    """The agencies of a page in its order, each duty with what its role answers for on the live site."""
    site = page.get_site()
    uses = uses_by_role(site) if site else {}
    found: dict[str, Agency] = {}
    for block in page.responsibilities:
        value = block.value
        agency = found.setdefault(value["agency"], Agency(value["agency"]))
        agency.duties.append(
            Duty(value["duty"], value["role"], tuple(uses.get(key_of(value["role"]), ("", []))[1]))
        )
    return list(found.values())


def uses_by_role(site: Site) -> dict[str, tuple[str, list[Use]]]:
    """Every role that a live public page names: key to (as written first, where)."""
    found: dict[str, tuple[str, list[Use]]] = {}
    for role, use in (*_in_sections(site), *_in_accounts(site)):
        if role.strip():
            found.setdefault(key_of(role), (role.strip(), []))[1].append(use)
    return found


def not_in_table(site: Site) -> list[tuple[str, list[Use]]]:
    """Roles that the site uses and no live table of duties lists, by name."""
    tables = ResponsibilityPage.objects.live().descendant_of(site.root_page)
    listed = {key_of(block.value["role"]) for page in tables for block in page.responsibilities}
    return sorted(use for key, use in uses_by_role(site).items() if key not in listed)


def _in_sections(site: Site) -> Iterator[tuple[str, Use]]:
    for page in live_sections(site):
        address = page.get_url() or ""
        for block in page.answers:
            value = block.value
            use = Use(value.heading_text, f"{address}#{value.anchor}")
            if block.block_type == "answer":
                yield value.get("owner") or "", use
            elif block.block_type == "not_published":
                yield value.get("responsible_role") or "", use


def _in_accounts(site: Site) -> Iterator[tuple[str, Use]]:
    def public(model: type[Page]) -> Iterator[Page]:
        return model.objects.live().public().descendant_of(site.root_page)

    for page in public(ScorecardPage):
        for number, block in enumerate(page.indicators, start=1):
            address = f"{page.get_url()}#indicator-{number}"
            yield block.value.get("owner") or "", Use(block.value.heading, address)
    for page in public(SelfEvaluationPage):
        for entry in page.entries.select_related("item"):
            yield entry.owner, Use(str(entry.item), f"{page.get_url()}#{entry.item.code.lower()}")
