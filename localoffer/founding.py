"""The first things an authority needs: a site with a home page, and groups of staff."""

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.utils.text import slugify
from wagtail.models import Page, Site

from localoffer.models import CouncilSettings, HomePage
from localoffer.staff_groups import group_name, set_apart, set_rights

# The glossary, and what families asked for in another form (which holds names and addresses).
WORDS_AND_FORMATS = tuple(
    f"localoffer.{verb}_{noun}"
    for noun in ("glossaryterm", "formatrequest")
    for verb in ("add", "change", "delete", "view")
)
# Whom the authority asked, what is missing and what was useful: none of it is about a person.
CONSULTATION = tuple(
    f"feedback.{right}"
    for right in (
        "view_consultationround",
        "add_consultationround",
        "change_consultationround",
        "view_consulteecategory",
        "view_gap",
        "add_gap",
        "change_gap",
        "view_usefulcount",
    )
)
# Who is reported to, and the questions of self-evaluations.
GIVING_ACCOUNT = tuple(
    f"localoffer.{verb}_{noun}"
    for noun in ("audience", "evaluationset", "evaluationitem")
    for verb in ("add", "change", "delete", "view")
)
# Who may do what (feature 36 of the product: least privilege). Model permissions are
# "app.codename"; page permissions are Wagtail's own, on the whole tree.
GROUPS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "Council editor": (
        ("add_page", "change_page"),
        (
            "wagtailadmin.access_admin",
            "services.*",
            "-services.publish_service",
            "-services.change_reviewsettings",  # what a trusted provider changes unseen
            *WORDS_AND_FORMATS,
            *CONSULTATION,
        ),
    ),
    "Council publisher": (
        ("add_page", "change_page", "publish_page", "lock_page", "unlock_page"),
        (
            "wagtailadmin.access_admin",
            "services.*",
            "search.*",
            "feedback.view_*",
            "localoffer.change_councilsettings",
            "localoffer.add_signoff",
            *GIVING_ACCOUNT,
            *WORDS_AND_FORMATS,
            *CONSULTATION,
            "feedback.change_consulteecategory",
            "feedback.delete_consultationround",
        ),
    ),
    "Forum editor": (
        ("add_page", "change_page"),
        ("wagtailadmin.access_admin", "localoffer.add_glossaryterm", "localoffer.change_glossaryterm"),
    ),
    "Comment moderator": ((), ("wagtailadmin.access_admin", "feedback.*", "-feedback.delete_*")),
    "Viewer": (
        (),
        ("wagtailadmin.access_admin", "services.view_*", "feedback.view_action", "feedback.view_gap"),
    ),
}


@transaction.atomic
def found_authority(*, name: str, area: str = "", hostname: str = "localhost", port: int = 80) -> Site:
    """The authority's site with a live home page and settings; what is there already is kept."""
    site = Site.objects.filter(hostname=hostname, port=port).first()
    if site and isinstance(site.root_page.specific, HomePage):
        return site
    root = Page.get_first_root_node()
    home = root.add_child(
        instance=HomePage(title=f"{name}: SEND Local Offer", slug=_free_slug(root, slugify(name) or "home"))
    )
    home.save_revision().publish()  # logged, so that the time machine knows it from its first day
    if site is None:
        site = _stock_site() or Site(
            hostname=hostname, port=port, is_default_site=not Site.objects.filter(is_default_site=True)
        )
    welcome = site.root_page if site.root_page_id else None
    site.hostname, site.port, site.root_page, site.site_name = hostname, port, home, name
    site.save()
    if welcome and not welcome.get_children().exists() and welcome.specific_class is Page:
        welcome.delete()
    council = CouncilSettings.for_site(site)
    council.council_name, council.area_name = name, area or council.area_name
    council.save()
    return site


def _stock_site() -> Site | None:
    """The empty site that Wagtail's own first migration makes: the first authority takes it over."""
    site = Site.objects.filter(is_default_site=True, site_name="").select_related("root_page").first()
    return site if site and site.root_page.specific_class is Page else None


def _free_slug(parent: Page, wanted: str) -> str:
    taken = set(parent.get_children().values_list("slug", flat=True))
    return next(s for s in (wanted, *(f"{wanted}-{n}" for n in range(2, 1000))) if s not in taken)


@transaction.atomic
def make_groups(site: Site | None = None) -> list[Group]:
    """The groups of staff of an authority with their rights, made once; a council may change them
    afterwards. For the default site where none is named. Where there are several authorities, each
    one's groups are set apart from the others'."""
    first = Site.objects.filter(is_default_site=True).first()
    site = site or first
    if first is not None and site != first:
        set_apart(first)
    groups = []
    for role, (page_rights, model_rights) in GROUPS.items():
        group, made = Group.objects.get_or_create(name=group_name(role, site))
        groups.append(group)
        if made:
            rights = permissions_of(model_rights)
            set_rights(group, page_rights=page_rights, model_rights=rights, site=site)
    return groups


def permissions_of(patterns: tuple[str, ...]) -> set[Permission]:
    """Permissions named by "app.codename"; `*` ends a prefix and a leading `-` takes away."""
    chosen: set[Permission] = set()
    for pattern in patterns:
        app, _, code = pattern.removeprefix("-").partition(".")
        rows = Permission.objects.filter(content_type__app_label=app)
        rows = (
            rows.filter(codename__startswith=code[:-1]) if code.endswith("*") else rows.filter(codename=code)
        )
        chosen = chosen - set(rows) if pattern.startswith("-") else chosen | set(rows)
    return chosen
