"""What the directory keeps about people: how to reach a service, which everybody may read."""

from localoffer.personal_data import Kept
from services.personal_data_imports import SentSubject, kept_words
from services.review_links import KEPT_DAYS


def declarations() -> list[Kept]:
    """For the hook `localoffer_personal_data`."""
    return [
        Kept(
            key="service_contacts",
            what="Names, phone numbers, email addresses and places of services and of those who run them",
            whose="Organisations; sometimes a person who runs a service alone, such as a childminder",
            why="So that families can reach the service",
            basis="Public task",
            how_long=lambda site: "While the entry is right. A place that must stay secret is never shown.",
            removed_by="Staff, or whoever runs the service",
            seen_by="Everybody, but for places that are hidden",
            holds=(
                "services.Contact.*",
                "services.Organisation.*",
                "services.Location.*",
            ),
        ),
        Kept(
            key="imports",
            what="What another directory's feed sent of a service, whole: it may name who runs it",
            whose="People who work for a provider",
            why="So that each fact of an entry can be traced to where it came from",
            basis="Public task",
            how_long=kept_words,
            removed_by="manage.py purge_imports, run daily",
            seen_by="Whoever runs the site, and staff who answer a request about it. Never the public",
            holds=("services.ImportRecord.*",),
            subject=SentSubject(),
        ),
        Kept(
            key="review_addresses",
            what="Email addresses and roles of those whom we ask to check entries",
            whose="People who work for a provider or for the council",
            why="So that entries stay right: we write when a check is due",
            basis="Public task",
            how_long=lambda site: "While the entry or the organisation is in the directory",
            removed_by="Staff, on the page Who checks it and in Settings, Checking services",
            seen_by="Staff who may change entries. Never the public, and never a log or an export",
            holds=(
                "services.ServiceReview.*",
                "services.OrganisationReview.*",
                "services.ReviewSettings.officer_email",
            ),
        ),
        Kept(
            key="suggestions",
            what="What a provider wrote with a suggested change, and our answer",
            whose="People who work for a provider",
            why="So that an officer can decide on the change",
            basis="Public task",
            how_long=lambda site: f"{KEPT_DAYS} days after an officer decided",
            removed_by="manage.py send_review_reminders",
            seen_by="Staff who may change entries",
            holds=("services.Suggestion.*",),
        ),
    ]
