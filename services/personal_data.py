"""What the directory keeps about people: how to reach a service, which everybody may read."""

from localoffer.personal_data import Kept


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
    ]
