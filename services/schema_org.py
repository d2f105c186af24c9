"""A service in schema.org's words, for search engines."""

from services.enums import CostKind, ProviderType
from services.models import Service

_SCHOOLS = {
    ProviderType.MAINTAINED_SCHOOL,
    ProviderType.ACADEMY,
    ProviderType.FREE_SCHOOL,
    ProviderType.NON_MAINTAINED_SPECIAL,
    ProviderType.INDEPENDENT_SPECIAL,
    ProviderType.SECTION41,
    ProviderType.PUPIL_REFERRAL_UNIT,
    ProviderType.INDEPENDENT_SCHOOL,
}
_TYPES = {
    **dict.fromkeys(_SCHOOLS, "School"),
    ProviderType.EARLY_YEARS: "Preschool",
    ProviderType.CHILDMINDER: "ChildCare",
    ProviderType.FURTHER_EDUCATION: "CollegeOrUniversity",
    ProviderType.SPECIALIST_POST16: "CollegeOrUniversity",
    ProviderType.COUNCIL: "GovernmentOrganization",
    ProviderType.NHS: "MedicalOrganization",
}


def describe(service: Service, addresses: list[str], anywhere: str) -> dict[str, object]:
    """One `Service`. `addresses` are those the public may read; only a stated free service is free."""
    entry: dict[str, object] = {
        "@context": "https://schema.org",
        "@type": "Service",
        "identifier": str(service.uuid),
        "name": service.name,
        "description": service.summary,
        "areaServed": addresses or anywhere,
    }
    if service.organisation_id:
        entry["provider"] = {
            "@type": _TYPES.get(service.organisation.provider_type, "Organization"),
            "name": service.organisation.name,
        }
    if service.min_age is not None or service.max_age is not None:
        entry["audience"] = {
            "@type": "PeopleAudience",
            "suggestedMinAge": service.min_age,
            "suggestedMaxAge": service.max_age,
        }
    if any(row.kind == CostKind.FREE for row in service.costs.all()):
        entry["isAccessibleForFree"] = True
    return entry
