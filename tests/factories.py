"""Builders of test objects: `make_<noun>(**what_matters)`."""

from datetime import date
from itertools import count
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from wagtail.models import Page, Site

from feedback import answers, moderation
from feedback.enums import ActionStatus, Consent, Role, Topic
from feedback.models import Action, Comment
from localoffer.models import (
    SECTION_PAGES,
    AccessibilityStatementPage,
    AlternativeFormatsPage,
    AToZPage,
    CouncilSettings,
    GlossaryPage,
    GlossaryTerm,
    GuidancePage,
    HomePage,
    LandingPage,
    NewsIndexPage,
    NewsPage,
    SectionPage,
    StepByStepPage,
)
from localoffer.regulations import Section, for_section
from services.enums import SectionKey
from services.models import Category, Location, Need, Organisation, Service, ServiceLocation

_number = count(1)


def make_authority(name: str = "Avonmere Council", hostname: str = "localhost", **settings: Any) -> Site:
    """A Wagtail site with its council settings; the first one is the default site."""
    site = Site.objects.filter(hostname=hostname).first()
    if site is None:
        root = Page.objects.get(depth=1)
        home = root.get_children().first() or root.add_child(
            instance=Page(title=name, slug=f"home-{next(_number)}")
        )
        site = Site.objects.create(
            hostname=hostname,
            root_page=home,
            site_name=name,
            is_default_site=not Site.objects.filter(is_default_site=True).exists(),
        )
    council = CouncilSettings.for_site(site)
    council.council_name = name
    for field, value in settings.items():
        setattr(council, field, value)
    council.save()
    return site


def make_organisation(authority: Site | None = None, **fields: Any) -> Organisation:
    fields.setdefault("name", f"Organisation {next(_number)}")
    return Organisation.objects.create(authority=authority or make_authority(), **fields)


def make_location(authority: Site | None = None, **fields: Any) -> Location:
    fields.setdefault("postcode", "BS5 6RJ")
    fields.setdefault("latitude", 51.4744)
    fields.setdefault("longitude", -2.5471)
    return Location.objects.create(authority=authority or make_authority(), **fields)


def make_need(key: str = "ASD", **fields: Any) -> Need:
    return Need.objects.get_or_create(key=key, defaults={"label": key, **fields})[0]


def make_category(key: str = "short_breaks", **fields: Any) -> Category:
    fields = {"label": key.replace("_", " ").capitalize(), "section": SectionKey.SOCIAL_CARE, **fields}
    return Category.objects.get_or_create(key=key, defaults=fields)[0]


def make_service(
    authority: Site | None = None,
    *,
    needs: tuple[str, ...] = (),
    categories: tuple[str, ...] = (),
    locations: tuple[Location, ...] = (),
    **fields: Any,
) -> Service:
    """A live service; `needs` and `categories` are keys."""
    fields.setdefault("name", f"Service {next(_number)}")
    fields.setdefault("section", SectionKey.SOCIAL_CARE)
    service = Service(authority=authority or make_authority(), **fields)
    service.needs = [make_need(key) for key in needs]
    service.categories = [make_category(key) for key in categories]
    service.service_locations = [ServiceLocation(location=place) for place in locations]
    service.save()
    return service


def make_home(name: str = "Avonmere Council", hostname: str = "localhost", **settings: Any) -> HomePage:
    """The live home page of an authority's site, made when it is not there yet."""
    site = make_authority(name, hostname, **settings)
    if not isinstance(site.root_page.specific, HomePage):
        root = Page.objects.get(depth=1)
        home = root.add_child(instance=HomePage(title=name, slug=f"home-{next(_number)}"))
        site.root_page = home
        site.save()
    return site.root_page.specific


def answer_block(key: str, **value: Any) -> tuple[str, dict[str, Any]]:
    """An answer to a requirement, as a StreamField takes it."""
    return "answer", {
        "requirement": key,
        "heading": "",
        "body": "<p>What we do.</p>",
        "documents": [],
        "services": [],
        "service_categories": [],
        **value,
    }


def not_published_block(key: str, **value: Any) -> tuple[str, dict[str, Any]]:
    return "not_published", {
        "requirement": key,
        "responsible_role": "Travel team manager",
        "expected_on": date(2027, 1, 29),
        **value,
    }


def not_applicable_block(key: str, reason: str = "There is none here.") -> tuple[str, dict[str, Any]]:
    return "not_applicable", {"requirement": key, "reason": reason}


def make_section(
    section: Section = Section.TRANSPORT,
    *,
    home: HomePage | None = None,
    answers: list[tuple[str, dict[str, Any]]] | None = None,
    live: bool = True,
    **fields: Any,
) -> SectionPage:
    """A section page; by default live, with an answer to every requirement of its section."""
    if answers is None:
        answers = [answer_block(r.key) for r in for_section(section)]
    page = SECTION_PAGES[section](
        **{"title": section.value, "introduction": "About this.", **fields}, answers=answers, live=live
    )
    (home or make_home()).add_child(instance=page)
    return page


def make_page_with(document: Any, home: HomePage | None = None) -> GuidancePage:
    """A live page that links to a document of the library, so that families may have it."""
    words = f'<p><a linktype="document" id="{document.pk}">{document.title}</a></p>'
    return make_page(GuidancePage, home or make_home(), title=f"Page {next(_number)}", body=words)


def make_user(username: str = "officer", *, groups: list[str] | None = None, **fields: Any) -> Any:
    """A member of staff in the named groups, which must be there."""
    user = get_user_model().objects.create_user(username, f"{username}@example.org", "password", **fields)
    user.groups.set(Group.objects.filter(name__in=groups or []))
    return user


def make_offer(**settings: Any) -> Site:
    """An authority with every section live at its usual address, made once."""
    home = make_home(**settings)
    for section in Section:
        slug = section.value.replace("_", "-")
        if not home.get_children().filter(slug=slug).exists():
            make_section(section, home=home, slug=slug, title=section.value.replace("_", " ").capitalize())
    return home.get_site()


def make_moderator(username: str = "moderator", **fields: Any) -> Any:
    """A member of staff who may moderate comments and enter the admin."""
    user = make_user(username, **fields)
    user.user_permissions.add(
        Permission.objects.get(content_type__app_label="feedback", codename="moderate_comment"),
        Permission.objects.get(content_type__app_label="wagtailadmin", codename="access_admin"),
    )
    return get_user_model().objects.get(pk=user.pk)


def moderator_of(authority: Site) -> Any:
    """Who moderates in tests: the moderator of the default site, or a superuser for another."""
    people = get_user_model().objects
    if authority.is_default_site:
        return people.filter(username="moderator").first() or make_moderator()
    name = f"moderator-{authority.pk}"
    return people.filter(username=name).first() or make_user(name, is_superuser=True)


def make_comment(authority: Site | None = None, **fields: Any) -> Comment:
    """A comment as it comes in; `email` and `phone` are kept apart."""
    given = {
        "text": "The page on transport is out of date.",
        "role": Role.PARENT_CARER,
        "topic": Topic.CONTENT_QUALITY,
        "consent": Consent.PUBLISH,
        **fields,
    }
    return moderation.receive(authority=authority or make_authority(), **given)


def make_action(authority: Site | None = None, *, by: Any = None, **fields: Any) -> Action:
    """An action agreed by a moderator, planned for the end of 2099."""
    given = {
        "title": f"Action {next(_number)}",
        "you_said": "The page is old.",
        "response": "We will write it again.",
        "status": ActionStatus.PLANNED,
        "owner_role": "Local Offer manager",
        "target_date": date(2099, 12, 31),
        **fields,
    }
    authority = authority or make_authority()
    return answers.agree_action(authority=authority, by=by or moderator_of(authority), **given)


def make_published(authority: Site | None = None, *, by: Any = None, **fields: Any) -> Comment:
    """A comment on the public log; fields of `moderation.publish` may be given."""
    names = {"public_text", "heading", "response", "action", "answer_due", "for_several"}
    publish = {key: fields.pop(key) for key in names & set(fields)}
    authority = authority or make_authority()
    by = by or moderator_of(authority)
    comment = make_comment(authority, **fields)
    return moderation.publish(
        comment=comment,
        by=by,
        version=comment.version,
        nobody_identifiable=True,
        note="Made shorter.",
        **{"public_text": "The page on transport is out of date.", **publish},
    )


def make_term(term: str = "EHCP", authority: Site | None = None, **fields: Any) -> GlossaryTerm:
    """A word of the glossary."""
    fields.setdefault("plain_meaning", "A legal paper about the help that a child needs. It can be long.")
    return GlossaryTerm.objects.create(authority=authority or make_authority(), term=term, **fields)


def make_news(home: HomePage | None = None, *, index: NewsIndexPage | None = None, **fields: Any) -> NewsPage:
    """A live piece of news under the authority's list, which is made when it is not there yet."""
    home = home or make_home()
    index = index or NewsIndexPage.objects.child_of(home).first() or make_page(NewsIndexPage, home)
    return make_page(NewsPage, index, **fields)


# What a page of each type cannot be without.
NEEDED: dict[type[Page], dict[str, Any]] = {
    StepByStepPage: {
        "introduction": "How it goes.",
        "steps": [
            ("step", {"timing": "By week 6", "title": "We tell you", "body": "<p>We write to you.</p>"}),
            (
                "step",
                {
                    "timing": "By week 20",
                    "title": "You get the plan",
                    "body": "<p>It is sent.</p>",
                    "who_does_it": "The plans team",
                    "what_you_can_do": "Keep it safe.",
                    "if_it_is_late": "Ring us.",
                },
            ),
        ],
    },
    NewsIndexPage: {"slug": "news", "title": "News"},
    NewsPage: {"summary": "It is new.", "body": "<p>Read on.</p>"},
    GlossaryPage: {"slug": "glossary", "title": "What words mean"},
    AToZPage: {"slug": "a-z", "title": "A to Z"},
    LandingPage: {
        "introduction": "You can start today.",
        "first_things": [("thing", {"title": "Talk to the teacher", "words": "<p>Today.</p>"})],
    },
    AlternativeFormatsPage: {
        "slug": "other-formats",
        "introduction": "On paper too.",
        "body": "<p>Ring us.</p>",
    },
    AccessibilityStatementPage: {
        "slug": "accessibility",
        "scope": "This site.",
        "not_accessible": "<p>A map (1.1.1).</p>",
        "alternatives": "<p>Ask for paper.</p>",
        "contact_email": "help@example.org",
        "prepared_on": date(2026, 1, 5),
        "last_reviewed_on": date(2026, 2, 5),
        "last_tested_on": date(2026, 3, 5),
        "tested_by": "The digital team",
        "method": "<p>With axe.</p>",
    },
    GuidancePage: {"body": "<p>Ring us.</p>"},
}


def make_page(model: type[Page], parent: Page | None = None, **fields: Any) -> Any:
    """A live page of a type, under the authority's home page unless told otherwise."""
    number = next(_number)
    given = {"title": f"Page {number}", **NEEDED[model], **fields}
    given.setdefault("slug", f"page-{number}")
    page = model(**given)
    (parent or make_home()).add_child(instance=page)
    return page
