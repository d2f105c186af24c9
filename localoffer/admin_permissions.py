"""Who may do what with the things of this app in the admin, kept apart by authority."""

from wagtail.permissions import register_permission_policy

from localoffer.belonging import ApartPolicy, belongs_by
from localoffer.models import Audience, EvaluationItem, EvaluationSet, FormatRequest, GlossaryTerm


def register() -> None:
    """Before any view asks for a policy."""
    from localoffer.own_report_filters import narrow_page_filters

    narrow_page_filters()
    for model in (GlossaryTerm, FormatRequest, EvaluationSet, Audience):
        register_permission_policy(model, ApartPolicy(model))
    belongs_by(EvaluationItem, "set__authority")
