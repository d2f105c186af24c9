"""How the editors of the directory are laid out."""

from typing import Any

from django import forms
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    InlinePanel,
    MultiFieldPanel,
    ObjectList,
    Panel,
    PublishingPanel,
    TabbedInterface,
    get_form_for_model,
)

from services.completeness import completeness
from services.enums import PRACTICE_QUESTIONS
from services.forms import (
    AuthorityForm,
    ContactForm,
    CostForm,
    LocationForm,
    OrganisationForm,
    ScheduleForm,
    ServiceForm,
    TermForm,
)


class RowsPanel(InlinePanel):
    """An inline panel whose rows have a form of their own."""

    def __init__(self, relation_name: str, *, row_form: type[WagtailAdminModelForm], **kwargs: Any) -> None:
        super().__init__(relation_name, **kwargs)
        self.row_form = row_form

    def clone_kwargs(self) -> dict[str, Any]:
        return {**super().clone_kwargs(), "row_form": self.row_form}

    def get_form_options(self) -> dict[str, Any]:
        options = super().get_form_options()
        deferred = self.child_edit_handler.get_form_options().get("defer_required_on_fields", [])
        options["formsets"][self.relation_name]["form"] = get_form_for_model(
            self.db_field.related_model, form_class=self.row_form, defer_required_on_fields=deferred
        )
        return options


class CompletenessPanel(Panel):
    """What a saved entry leaves out, before anything else on its tab."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "services/admin/completeness_panel.html"

        def is_shown(self) -> bool:
            return bool(self.instance and self.instance.pk)

        def get_context_data(self, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
            context = super().get_context_data(parent_context)
            context["completeness"] = completeness(self.instance)
            return context


def _ticks(field: str, **kwargs: Any) -> FieldPanel:
    return FieldPanel(field, widget=forms.CheckboxSelectMultiple, **kwargs)


WHAT_IT_IS = [
    FieldPanel("authority", heading="Council"),
    # A nameless draft could not be found again in the list.
    FieldPanel("name", classname="title", required_on_save=True),
    FieldPanel("organisation", heading="Who runs it"),
    FieldPanel("summary"),
    FieldPanel("description", help_text="What happens, who is there, what a first visit is like."),
    FieldPanel("section", help_text="The part of the site it belongs to."),
    _ticks("categories"),
    FieldPanel("level", heading="How open it is"),
    FieldPanel("url"),
    FieldPanel("keywords"),
    MultiFieldPanel(
        [
            FieldPanel("commissioned_by_authority"),
            FieldPanel(
                "section41_approved",
                help_text="Independent special schools and specialist colleges that a plan can name.",
            ),
        ],
        "What the law asks us to show",
    ),
]

WHO_IT_IS_FOR = [
    FieldRowPanel(
        [FieldPanel("min_age"), FieldPanel("max_age")],
        heading="Ages",
        help_text="In years. Leave one empty when there is no limit.",
    ),
    FieldPanel("eligibility", help_text="Who can use it, in plain words."),
    _ticks("needs", help_text="Tick none when it is for any child."),
    FieldPanel(
        "conditions", help_text="Conditions that families search for, such as epilepsy. Separate with commas."
    ),
    FieldPanel("sen_status"),
    FieldPanel("circumstances"),
]

GETTING_IT = [
    FieldPanel("how_to_access", help_text="What a parent does first, and what happens then."),
    FieldPanel("access_routes"),
    FieldPanel("who_decides"),
    MultiFieldPanel(
        [
            FieldRowPanel([FieldPanel("waiting_weeks"), FieldPanel("waiting_as_of")]),
            FieldPanel(
                "waiting_time", heading="About the wait", help_text="Anything else, such as who waits less."
            ),
        ],
        "Waiting time",
    ),
    RowsPanel(
        "contacts",
        row_form=ContactForm,
        heading="Contacts",
        label="Contact",
        panels=[
            FieldPanel("role", help_text="A role, not a name."),
            FieldPanel("phone"),
            FieldPanel("email"),
            FieldPanel("location", help_text="Only when it is for one place of several."),
        ],
    ),
    RowsPanel(
        "costs",
        row_form=CostForm,
        heading="Cost",
        label="Cost",
        help_text="Leave empty when nobody has told you. We then say “not stated”, never “free”.",
        panels=[
            FieldPanel("kind"),
            FieldPanel("amount", help_text="In pounds."),
            FieldPanel("note", help_text="How often: “a day”, “an hour”. Then anything else."),
        ],
    ),
    FieldPanel("complaints"),
]

WHERE_AND_WHEN = [
    FieldPanel("delivery"),
    InlinePanel(
        "service_locations",
        heading="Places",
        label="Place",
        help_text="None when it has no fixed place, such as a helpline.",
        panels=[FieldPanel("location")],
    ),
    RowsPanel(
        "schedules",
        row_form=ScheduleForm,
        heading="When",
        label="Session",
        panels=[
            FieldPanel("days"),
            FieldRowPanel([FieldPanel("opens"), FieldPanel("closes")]),
            FieldPanel("when"),
            FieldRowPanel([FieldPanel("valid_from"), FieldPanel("valid_to")]),
            FieldPanel("closed"),
            FieldPanel("extra"),
            FieldPanel("location", help_text="Only when it is at one place of several."),
            FieldPanel("note"),
        ],
    ),
    FieldPanel("scope", heading="How far it reaches"),
    _ticks("serves"),
    FieldPanel("areas_served"),
    FieldPanel("languages"),
]

SCHOOLS = [
    MultiFieldPanel(
        [FieldPanel("sen_information_report_url"), FieldPanel("sen_information_report_date")],
        "SEN information report",
        help_text="Only for schools and colleges.",
    ),
    MultiFieldPanel(
        [FieldPanel(f"practice_{key}") for key in PRACTICE_QUESTIONS],
        "In the school’s own words",
        help_text="The law asks schools and colleges these ten things.",
    ),
]

CHECKS = [
    CompletenessPanel(heading="What is missing"),
    MultiFieldPanel(
        [
            FieldPanel("last_checked", help_text="The day somebody made sure that all of it is right."),
            FieldPanel("checked_side", heading="Checked by"),
            FieldPanel("last_checked_by", heading="Their role"),
            FieldPanel("review_by", help_text="Leave empty and we work it out from who runs it."),
        ],
        "Checked",
    ),
    PublishingPanel(),
]

service_edit_handler = TabbedInterface(
    [
        ObjectList(WHAT_IT_IS, heading="What it is"),
        ObjectList(WHO_IT_IS_FOR, heading="Who it is for"),
        ObjectList(GETTING_IT, heading="Getting it"),
        ObjectList(WHERE_AND_WHEN, heading="Where and when"),
        ObjectList(SCHOOLS, heading="Schools"),
        ObjectList(CHECKS, heading="Checks"),
    ],
    base_form_class=ServiceForm,
)

organisation_edit_handler = ObjectList(
    [
        FieldPanel("authority", heading="Council"),
        FieldPanel("name", classname="title"),
        FieldPanel("provider_type", heading="Kind of provider"),
        FieldPanel("description"),
        FieldPanel("url"),
        FieldPanel("email", help_text="Families see it on services that have no contact of their own."),
        MultiFieldPanel(
            [FieldPanel("urn"), FieldPanel("ofsted_urn"), FieldPanel("charity_number")], "Registered as"
        ),
    ],
    base_form_class=OrganisationForm,
)

location_edit_handler = ObjectList(
    [
        FieldPanel("authority", heading="Council"),
        FieldPanel("name", classname="title"),
        MultiFieldPanel(
            [
                FieldPanel("address_1"),
                FieldPanel("address_2"),
                FieldPanel("city"),
                FieldPanel("county"),
                FieldPanel("postcode"),
                FieldPanel("address_hidden"),
            ],
            "Address",
        ),
        MultiFieldPanel(
            [FieldRowPanel([FieldPanel("latitude"), FieldPanel("longitude")])],
            "On the map",
            help_text="Leave both empty: the middle of the postcode’s area is near enough.",
        ),
        FieldPanel("access"),
        FieldPanel("senses"),
        FieldPanel("sensory"),
    ],
    base_form_class=LocationForm,
)

school_term_edit_handler = ObjectList(
    [
        FieldPanel("authority", heading="Council"),
        FieldPanel("name"),
        FieldRowPanel([FieldPanel("starts"), FieldPanel("ends")]),
    ],
    base_form_class=AuthorityForm,
)

_TERM = [FieldPanel("label"), FieldPanel("hint"), FieldPanel("order"), FieldPanel("retired")]

need_edit_handler = ObjectList(
    [FieldPanel("key"), *_TERM, FieldPanel("area"), FieldPanel("dfe_label")], base_form_class=TermForm
)
category_edit_handler = ObjectList(
    [FieldPanel("key"), FieldPanel("section"), *_TERM], base_form_class=TermForm
)
term_edit_handler = ObjectList([FieldPanel("kind"), FieldPanel("key"), *_TERM], base_form_class=TermForm)
