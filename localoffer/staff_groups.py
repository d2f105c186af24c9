"""The groups of staff of each authority, their pages and their library of pictures and documents.

The first authority's groups have plain names ("Viewer") and hold their rights on the whole tree while
it is alone. When a second is founded, everything is set apart: each authority's groups reach the pages
below its own home page and its own collection, and no further.
"""

from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.db.models import QuerySet
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission, Page, Site

from localoffer.belonging import bind
from localoffer.evaluation import keep_own

LIBRARY = (("wagtailimages", "image"), ("wagtaildocs", "document"))


def group_name(role: str, site: Site | None) -> str:
    """ "Viewer" for the first authority, "Viewer (Otherton Council)" for each one after it."""
    if site is None or site.is_default_site:
        return role
    return f"{role} ({site.site_name or site.hostname})"[:150]


def set_rights(
    group: Group, *, page_rights: tuple[str, ...], model_rights: set[Permission], site: Site | None
) -> None:
    """What a new group may do, and where: on the whole tree while there is one authority."""
    group.permissions.set(model_rights)
    alone = site is None or Site.objects.count() == 1
    page = Page.get_first_root_node() if alone else site.root_page
    for right in page_rights:
        permission = Permission.objects.get(content_type__app_label="wagtailcore", codename=right)
        GroupPagePermission.objects.create(group=group, page=page, permission=permission)
    if page_rights:
        _open_library(group, Collection.get_first_root_node() if alone else library_of(site))
    if site is not None:
        bind(group, site)


def library_of(site: Site) -> Collection:
    """The collection that holds an authority's pictures and documents, made when it is not there."""
    root, name = Collection.get_first_root_node(), site.site_name or site.hostname
    return root.get_children().filter(name=name).first() or root.add_child(instance=Collection(name=name))


def _open_library(group: Group, collection: Collection) -> None:
    """Whoever edits pages may choose and add pictures and documents; an Easy Read page is made of them."""
    rights = [f"{verb}_{noun}" for verb in ("add", "change", "choose") for noun in ("image", "document")]
    for permission in Permission.objects.filter(
        content_type__app_label__in=[app for app, _ in LIBRARY], codename__in=rights
    ):
        GroupCollectionPermission.objects.create(group=group, collection=collection, permission=permission)


@transaction.atomic
def set_apart(first: Site) -> None:
    """Narrow what the first authority's groups hold on everything to what is its own. Safe to repeat.

    Its groups are those that belong to it: bound to it, or to nothing.
    """
    root = Page.get_first_root_node()
    others = Group.objects.filter(site_permissions__site__in=Site.objects.exclude(pk=first.pk))
    groups = Group.objects.exclude(pk__in=others.values("pk"))
    on_everything = GroupPagePermission.objects.filter(page=root, group__in=groups)
    if on_everything:
        keep_own(first)
    for held in on_everything:
        GroupPagePermission.objects.get_or_create(
            group=held.group, page=first.root_page, permission=held.permission
        )
        held.delete()
    _move_library(first, groups)


def _move_library(first: Site, groups: QuerySet[Group]) -> None:
    """All pictures and documents there are become the first authority's; new ones go to their own."""
    top, own = Collection.get_first_root_node(), library_of(first)
    moved = GroupCollectionPermission.objects.filter(collection=top, group__in=groups)
    if not moved.exists():
        return
    for app, noun in LIBRARY:
        apps.get_model(app, noun).objects.filter(collection=top).update(collection=own)
    for child in list(top.get_children().exclude(pk=own.pk)):
        child.move(Collection.objects.get(pk=own.pk), pos="sorted-child")
    for held in moved:
        GroupCollectionPermission.objects.get_or_create(
            group=held.group, collection=own, permission=held.permission
        )
        held.delete()
