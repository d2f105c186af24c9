"""What services/ adds to Wagtail: registration only."""

from wagtail import hooks
from wagtail.snippets.models import register_snippet

from services import permissions
from services.assurance import register_log_actions
from services.evidence import requirement_evidence
from services.feeds import sitemaps
from services.viewsets import ServicesGroup

permissions.register()
register_snippet(ServicesGroup)
hooks.register("register_log_actions", register_log_actions)
hooks.register("register_requirement_evidence", requirement_evidence)
hooks.register("localoffer_sitemaps", sitemaps)
