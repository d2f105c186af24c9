"""The offer as content: site settings <- pages."""

from localoffer.models.site_settings import CouncilSettings

__all__ = ["CouncilSettings"]
