"""The pages families read: home, the eight sections, guidance."""

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from wagtail import hooks
from wagtail.admin.panels import FieldPanel
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page

from localoffer import contents
from localoffer.blocks import TEXT_FEATURES, AnswersBlock
from localoffer.clock import today
from localoffer.forms import SectionPageForm
from localoffer.own_choices import OwnPageForm
from localoffer.panels import RequirementsPanel
from localoffer.reading_panels import PlainLanguagePanel
from localoffer.regulations import Section
from localoffer.silence import silence_message

# The same page told another way (models/twins.py); any page with words may have them.
TWINS = ["localoffer.EasyReadPage", "localoffer.BslVideoPage", "localoffer.TranslatedPage"]


class Crumbs:
    """Where a page stands, for the trail above its title; and its form, which takes only one's own."""

    base_form_class: ClassVar[type[OwnPageForm]] = OwnPageForm

    @property
    def crumbs(self) -> list[tuple[str, str]]:
        """(title, address) of each page above this one, home first."""
        above = self.get_ancestors().filter(depth__gte=2)
        return [("Home" if page.depth == 2 else page.title, page.get_url()) for page in above]


class HomePage(Page):
    """The front door of one authority's offer."""

    heading = models.CharField(max_length=120, default="Find help for your child, or for you")
    introduction = models.CharField(
        max_length=300,
        default=(
            "For children and young people up to 25 who need extra help to learn, or who have a "
            "disability. You do not need a diagnosis to start."
        ),
    )

    content_panels = [*Page.content_panels, FieldPanel("heading"), FieldPanel("introduction")]
    parent_page_types = ["wagtailcore.Page"]
    template = "localoffer/home.html"
    base_form_class = OwnPageForm

    class Meta:
        verbose_name = "home page"

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Adds the bands of `front_page` and `added`, from the apps above."""
        from localoffer import front_page

        context = super().get_context(request, *args, **kwargs) | front_page.bands(self)
        context["added"] = self._added(request)
        return context

    def _added(self, request: HttpRequest) -> list[str]:
        """What the apps above put on the front door; drawn once for all readers, until anything changes."""
        from localoffer import versions

        def draw() -> list[str]:
            return [added(request, self.get_site()) for added in hooks.get_hooks("localoffer_home_sections")]

        if not versions.is_recording():
            return draw()
        where = f"{request.scheme}:{request.get_host()}"
        return versions.remember(f"added:{self.pk}:{where}", draw, of=versions.EVERYTHING)


class SectionPage(Crumbs, Page):
    """One part of the offer: a stream of answers, each bound to a requirement.

    Never made itself: each section of the law has its own page type below, so that a page knows
    which requirements it must answer.
    """

    section: ClassVar[Section]
    icon: ClassVar[str] = "doc"
    css_class: ClassVar[str] = ""

    introduction = models.TextField(help_text="Two or three short sentences.")
    answers = StreamField(AnswersBlock(), blank=True)

    content_panels = [
        *Page.content_panels,
        FieldPanel("introduction"),
        RequirementsPanel(heading="What the law asks"),
        PlainLanguagePanel(),
        FieldPanel("answers"),
    ]
    base_form_class = SectionPageForm
    parent_page_types = ["localoffer.HomePage"]
    subpage_types = ["localoffer.GuidancePage", *TWINS]
    is_creatable = False
    section_template: ClassVar[str] = "localoffer/section.html"

    def get_template(self, request: HttpRequest, *args: Any, **kwargs: Any) -> str:
        """One template for all eight: Wagtail would look for one named after each page type."""
        return self.section_template

    def save(self, clean: bool = True, **kwargs: Any) -> None:
        """Raises ValidationError where a live page would pass over a mandatory requirement."""
        if clean and self.live:
            messages = silence_message(self.section, self.answers)
            if messages:
                raise ValidationError({"answers": messages})
        super().save(clean=clean, **kwargs)

    @classmethod
    def can_create_at(cls, parent: Page) -> bool:
        """One page of each section under one home page."""
        taken = cls.objects.child_of(parent).exists() if cls is not SectionPage else True
        return super().can_create_at(parent) and not taken

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        # Read only when it is drawn: a page that is remembered is not.
        context["contents"] = SimpleLazyObject(lambda: contents.of_section(self.answers, today()))
        context["services_url"] = contents.services_url(self.section)
        return context


class EducationPage(SectionPage):
    """Schedule 2 paragraphs 1 to 5: education providers and what they do."""

    section = Section.EDUCATION
    icon, css_class = "education", "s-education"

    class Meta:
        verbose_name = "education section"


class HealthPage(SectionPage):
    """Health care provision."""

    section = Section.HEALTH
    icon, css_class = "health", "s-health"

    class Meta:
        verbose_name = "health section"


class SocialCarePage(SectionPage):
    """Social care provision, short breaks and childcare."""

    section = Section.SOCIAL_CARE
    icon, css_class = "care", "s-care"

    class Meta:
        verbose_name = "social care section"


class TransportPage(SectionPage):
    """Travel to schools, post-16 and early years places (s.30(2)(d))."""

    section = Section.TRANSPORT
    icon, css_class = "transport", "s-transport"

    class Meta:
        verbose_name = "transport section"


class AdulthoodPage(SectionPage):
    """Preparing for adulthood and independent living (s.30(2)(e) and (3))."""

    section = Section.ADULTHOOD
    icon, css_class = "adulthood", "s-adulthood"

    class Meta:
        verbose_name = "preparing for adulthood section"


class RedressPage(SectionPage):
    """Complaints, disagreement resolution, mediation and appeal."""

    section = Section.REDRESS
    icon, css_class = "redress", "s-redress"

    class Meta:
        verbose_name = "redress section"


class AdvicePage(SectionPage):
    """Information, advice and support."""

    section = Section.ADVICE
    icon, css_class = "advice", "s-advice"

    class Meta:
        verbose_name = "advice section"


class AccessPage(SectionPage):
    """How to get help: assessment, eligibility, personal budgets."""

    section = Section.ACCESS
    icon, css_class = "access", "s-access"

    class Meta:
        verbose_name = "how to get help section"


SECTION_PAGES: dict[Section, type[SectionPage]] = {
    model.section: model
    for model in (
        EducationPage,
        HealthPage,
        SocialCarePage,
        TransportPage,
        AdulthoodPage,
        RedressPage,
        AdvicePage,
        AccessPage,
    )
}


class GuidancePage(Crumbs, Page):
    """A page of plain text: contact, accessibility, privacy, or more on one subject."""

    introduction = models.TextField(blank=True)
    body = RichTextField(features=["h2", *TEXT_FEATURES])
    reviewed_on = models.DateField(null=True, blank=True)
    review_by = models.DateField(null=True, blank=True)

    content_panels = [
        *Page.content_panels,
        PlainLanguagePanel(),
        FieldPanel("introduction"),
        FieldPanel("body"),
        FieldPanel("reviewed_on"),
        FieldPanel("review_by"),
    ]
    subpage_types = ["localoffer.GuidancePage", *TWINS]
    template = "localoffer/guidance.html"

    class Meta:
        verbose_name = "guidance page"
