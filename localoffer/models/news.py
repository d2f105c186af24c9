"""News: a list and its pieces, the latest first."""

from typing import Any, ClassVar

from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from wagtail.admin.panels import FieldPanel
from wagtail.fields import RichTextField
from wagtail.models import Page, PageManager
from wagtail.query import PageQuerySet

from localoffer.blocks import TEXT_FEATURES
from localoffer.models.pages import TWINS, Crumbs
from localoffer.pagination import paginate
from localoffer.reading_panels import PlainLanguagePanel

PER_PAGE = 10


class NewsQuerySet(PageQuerySet):
    def latest_under(self, page: Page) -> "NewsQuerySet":
        """What families may read below a page, the latest first."""
        return self.live().public().descendant_of(page).order_by("-date", "-pk")


class NewsIndexPage(Crumbs, Page):
    """Every piece of news, by pages of ten."""

    introduction = models.TextField(blank=True)

    content_panels = [*Page.content_panels, FieldPanel("introduction")]
    parent_page_types = ["localoffer.HomePage"]
    subpage_types = ["localoffer.NewsPage"]
    max_count_per_parent = 1
    template = "localoffer/news_index.html"
    reads: ClassVar = {"page"}

    class Meta:
        verbose_name = "news list"

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        news = NewsPage.objects.latest_under(self)
        context["pager"] = paginate(news.count(), request.GET, per_page=PER_PAGE)
        context["news"] = list(news[context["pager"].slice])
        return context


class NewsPage(Crumbs, Page):
    """One piece of news."""

    date = models.DateField(default=timezone.localdate)
    summary = models.CharField(max_length=300, help_text="One or two short sentences.")
    body = RichTextField(features=["h2", *TEXT_FEATURES])

    objects = PageManager.from_queryset(NewsQuerySet)()

    content_panels = [
        *Page.content_panels,
        PlainLanguagePanel(),
        FieldPanel("date"),
        FieldPanel("summary"),
        FieldPanel("body"),
    ]
    parent_page_types = ["localoffer.NewsIndexPage"]
    subpage_types = TWINS
    template = "localoffer/news.html"

    class Meta:
        verbose_name = "news page"
