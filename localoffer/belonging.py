"""Whose is what: the authorities that a member of staff belongs to, and what of theirs is kept apart.

A group of staff belongs to the sites on which it holds Wagtail's site permission "can access the
admin" (`founding.make_groups` gives it). A group without one belongs to the default site, which is
the first authority: so an installation of one authority needs no binding. A person belongs where
their groups belong, and holds a right only where a group that holds it belongs.

What has an authority is seen and changed by those who belong to it. What all authorities share, such
as the list of needs, is read by all and changed by those who hold the right in every authority.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import reduce
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.core.exceptions import FieldDoesNotExist, PermissionDenied
from django.db.models import Model, Q, QuerySet
from django.http import Http404, HttpRequest
from wagtail.models import GroupSitePermission, Site
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.permission_policies.sites import SitePermissionPolicy

# The right that binds a group to a site: (app, code name).
ENTER = ("wagtailadmin", "access_admin")
READS = ("view", "choose")

_paths: dict[type[Model], tuple[str, ...]] = {}


def belongs_by(model: type[Model], *paths: str) -> None:
    """For a model without an authority of its own: the lookups that lead to one, such as
    "service__authority". With several, it belongs to each that they lead to."""
    _paths[model] = paths


def paths_of(model: type[Model]) -> tuple[str, ...]:
    """The lookups from a model to its authority; none for what all authorities share."""
    if model in _paths:
        return _paths[model]
    try:
        field = model._meta.get_field("authority")
    except FieldDoesNotExist:
        return ()
    return ("authority",) if field.related_model is Site else ()


@dataclass(frozen=True, slots=True)
class Belonging:
    """What one person holds where. `places` are (ids of sites, rights held there); `granted` are Wagtail's
    site permissions, (id of a site, right)."""

    sites: tuple[Site, ...]
    places: tuple[tuple[frozenset[int], frozenset[str]], ...]
    is_superuser: bool
    granted: frozenset[tuple[int, str]] = frozenset()

    def ids(self, rights: Iterable[str] = ()) -> frozenset[int]:
        """The sites where any of `rights` is held; where they belong at all, for none."""
        if self.is_superuser:
            return frozenset(site.pk for site in self.sites)
        wanted = frozenset(rights)
        held = (where for where, rights_there in self.places if not wanted or wanted & rights_there)
        return frozenset().union(*held)

    def ids_with_granted(self, rights: Iterable[str]) -> frozenset[int]:
        """The same, and the sites for which a group of theirs has one of `rights` as a site permission."""
        wanted = frozenset(rights)
        return self.ids(wanted) | {site for site, right in self.granted if right in wanted}

    def is_everywhere(self, rights: Iterable[str] = ()) -> bool:
        return self.is_superuser or self.ids(rights) >= {site.pk for site in self.sites}


def belonging(user: Any) -> Belonging:
    """Read once for a person of a request: four queries, or one for a superuser."""
    known = getattr(user, "_belonging", None)
    if known is None:
        known = user._belonging = _read(user)
    return known


def _read(user: Any) -> Belonging:
    if not (user.is_authenticated and user.is_active):
        return Belonging((), (), False)
    sites = tuple(
        Site.objects.select_related("root_page").order_by("-is_default_site", "site_name", "hostname")
    )
    if user.is_superuser:
        return Belonging(sites, (), True)
    first = frozenset(site.pk for site in sites if site.is_default_site)
    on_sites = GroupSitePermission.objects.filter(group__user=user)
    held_on_sites = [
        (group, site, f"{app}.{code}")
        for group, site, app, code in on_sites.values_list(
            "group", "site", "permission__content_type__app_label", "permission__codename"
        )
    ]
    bound: dict[int, set[int]] = {}
    for group, site, right in held_on_sites:
        if right == ".".join(ENTER):
            bound.setdefault(group, set()).add(site)
    rights: dict[int, set[str]] = {}
    in_groups = user.groups.values_list("pk", "permissions__content_type__app_label", "permissions__codename")
    for group, app, code in in_groups.order_by():
        rights.setdefault(group, set()).update([f"{app}.{code}"] if code else [])
    places = [(frozenset(bound.get(group, first)), frozenset(held)) for group, held in rights.items()]
    everywhere = frozenset().union(*(where for where, _ in places)) if places else first
    own = user.user_permissions.values_list("content_type__app_label", "codename").order_by()
    places.append((everywhere, frozenset(f"{app}.{code}" for app, code in own)))
    granted = frozenset((site, right) for _, site, right in held_on_sites)
    return Belonging(sites, tuple(places), False, granted)


def _bindings() -> QuerySet[GroupSitePermission]:
    app, code = ENTER
    return GroupSitePermission.objects.filter(
        permission__content_type__app_label=app, permission__codename=code
    )


def bind(group: Any, site: Site) -> None:
    """Let a group belong to a site."""
    app, code = ENTER
    enter = Permission.objects.get(content_type__app_label=app, codename=code)
    GroupSitePermission.objects.get_or_create(group=group, site=site, permission=enter)


def authorities_of(user: Any, *rights: str) -> tuple[Site, ...]:
    """The authorities where somebody holds any of `rights` ("app.code"); where they belong, for none."""
    held = belonging(user)
    ids = held.ids(rights)
    return tuple(site for site in held.sites if site.pk in ids)


def site_of(request: HttpRequest, *rights: str) -> Site:
    """The authority that staff work on: that of the address where it is theirs, or else their first.

    Raises PermissionDenied where they hold none of `rights` anywhere.
    """
    own = authorities_of(request.user, *rights)
    here = Site.find_for_request(request)
    if here in own:
        return here
    if not own:
        if not Site.objects.exists():
            raise Http404("No site has been set up yet.")
        raise PermissionDenied("You belong to no council of this site.")
    return own[0]


def people_of(site: Site) -> QuerySet[Any]:
    """Everybody active who belongs to an authority, superusers among them."""
    bound = _bindings()
    here = Q(groups__in=bound.filter(site=site).values("group"))
    if site.is_default_site:
        unbound = Group.objects.exclude(pk__in=bound.values("group"))
        here |= Q(groups__isnull=True) | Q(groups__in=unbound)
    return get_user_model().objects.filter(Q(is_superuser=True) | here, is_active=True).distinct()


# -- rows ---------------------------------------------------------------------------------


def own_rows(rows: QuerySet[Any], user: Any, *rights: str) -> QuerySet[Any]:
    """Those of `rows` that belong where somebody holds any of `rights`, and those that all share."""
    return rows.filter(own_condition(rows.model, user, *rights))


def own_condition(model: type[Model], user: Any, *rights: str) -> Q:
    """The same as a condition; empty where somebody may have every row."""
    paths, held = paths_of(model), belonging(user)
    condition = Q()
    if not paths or held.is_everywhere(rights):
        return condition
    ids = held.ids(rights)
    for path in paths:
        condition |= Q(**{f"{path}__in": ids})
    return condition | Q(authority=None) if _may_be_shared(model) else condition


def own_pages(pages: Any, user: Any) -> Any:
    """Those pages of a page queryset that stand below the home pages of somebody's authorities."""
    return pages.filter(below(authorities_of(user)))


def below(sites: Iterable[Site]) -> Q:
    """Pages below the home pages of these sites, and the home pages."""
    condition = Q(pk=None)
    for site in sites:
        condition |= Q(path__startswith=site.root_page.path)
    return condition


def owns(user: Any, thing: Model, *rights: str) -> bool:
    """Whether a thing belongs where somebody holds any of `rights`; so does what all share."""
    ids, held = set(_authority_ids(thing)), belonging(user)
    if held.is_everywhere(rights):
        return True
    if not paths_of(type(thing)) or (ids <= {None} and _may_be_shared(type(thing))):
        return bool(held.ids(rights))
    return bool(ids & held.ids(rights))


def _may_be_shared(model: type[Model]) -> bool:
    return paths_of(model) == ("authority",) and bool(model._meta.get_field("authority").null)


def is_shared(thing: Any) -> bool:
    """Whether a thing that may be one authority's is shared by all."""
    return _may_be_shared(type(thing)) and thing.authority_id is None


def _authority_ids(thing: Any) -> Iterator[int | None]:
    for path in paths_of(type(thing)):
        *steps, last = path.split("__")
        holder = reduce(lambda each, step: each and getattr(each, step), steps, thing)
        if holder is not None:
            yield getattr(holder, f"{last}_id")


# -- permission policies, as Wagtail's views ask them --------------------------------------


class Apart:
    """A mixin before a permission policy: a right counts for what belongs where it is held."""

    model: Any

    def rights_of(self, actions: Iterable[str]) -> list[str]:
        return [self._get_permission_name(action) for action in actions]

    def user_has_permission_for_instance(self, user: Any, action: str, instance: Any) -> bool:
        allowed = super().user_has_permission_for_instance(user, action, instance)
        if not allowed:
            return False
        if is_shared(instance) and action not in READS:
            return belonging(user).is_everywhere(self.rights_of([action]))
        return owns(user, instance, *self.rights_of([action]))

    def instances_user_has_any_permission_for(self, user: Any, actions: Iterable[str]) -> QuerySet[Any]:
        found = super().instances_user_has_any_permission_for(user, actions)
        return own_rows(found, user, *self.rights_of(actions))


class ApartPolicy(Apart, ModelPermissionPolicy):
    """Django's rights on a model, each for what belongs where it is held."""


class SharedPolicy(ModelPermissionPolicy):
    """What all authorities share is changed by those who hold the right in every one of them."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        if not super().user_has_permission(user, action):
            return False
        return action in READS or belonging(user).is_everywhere([self._get_permission_name(action)])


class OwnSitesPolicy(SitePermissionPolicy):
    """Settings of a site: a right counts on the sites where it is held, not on every site."""

    def _ids(self, user: Any, actions: Iterable[str]) -> frozenset[int]:
        return belonging(user).ids_with_granted(self._get_permission_name(action) for action in actions)

    def user_has_any_permission(self, user: Any, actions: Iterable[str]) -> bool:
        return bool(self._ids(user, actions))

    def user_has_any_permission_for_instance(self, user: Any, actions: Iterable[str], instance: Any) -> bool:
        site_id = instance.pk if isinstance(instance, Site) else getattr(instance, self.site_fk_field_name)
        return site_id in self._ids(user, actions)

    def sites_user_has_any_permission_for(self, user: Any, actions: Iterable[str]) -> QuerySet[Site]:
        return Site.objects.filter(pk__in=self._ids(user, actions))


class OfOneSite:
    """A mixin before `BaseSiteSetting`: staff change the settings of their own authority."""

    @classmethod
    def get_permission_policy(cls) -> SitePermissionPolicy:
        return OwnSitesPolicy(cls)
