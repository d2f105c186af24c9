"""The first things an authority needs: a site with a home page, and groups of staff."""

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.utils.text import slugify
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission, Page, Site

from localoffer.models import CouncilSettings, HomePage

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


def make_groups() -> list[Group]:
    """The groups of staff with their rights, made once; a council may change them afterwards."""
    root = Page.get_first_root_node()
    groups = []
    for name, (page_rights, model_rights) in GROUPS.items():
        group, made = Group.objects.get_or_create(name=name)
        groups.append(group)
        if not made:
            continue
        group.permissions.set(permissions_of(model_rights))
        for right in page_rights:
            permission = Permission.objects.get(content_type__app_label="wagtailcore", codename=right)
            GroupPagePermission.objects.create(group=group, page=root, permission=permission)
        if page_rights:
            _open_library(group)
    return groups


def _open_library(group: Group) -> None:
    """Whoever edits pages may choose and add pictures and documents; an Easy Read page is made of them."""
    rights = [f"{verb}_{noun}" for verb in ("add", "change", "choose") for noun in ("image", "document")]
    root = Collection.get_first_root_node()
    for permission in Permission.objects.filter(
        content_type__app_label__in=("wagtailimages", "wagtaildocs"), codename__in=rights
    ):
        GroupCollectionPermission.objects.create(group=group, collection=root, permission=permission)


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
