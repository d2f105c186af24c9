"""Finding entries that may be one service, and making one of two."""

import pytest
from django.contrib.auth.models import Permission
from django.core.exceptions import ValidationError
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from wagtail.models import ModelLogEntry

from search.models import BestBet
from services.duplicates import (
    LIKELY,
    Marks,
    likely_pairs,
    likeness,
    plain_name,
    plain_page,
    plain_phone,
    similar_to,
    tell_apart,
)
from services.merging import MERGED, differences, merge
from services.models import Contact, CostOption, Schedule, Service, VocabularyTerm
from tests.factories import (
    make_authority,
    make_comment,
    make_home,
    make_location,
    make_organisation,
    make_service,
)

pytestmark = pytest.mark.django_db


def with_contact(service: Service, phone: str = "", email: str = "") -> Service:
    service.contacts = [*service.contacts.all(), Contact(role="Office", phone=phone, email=email)]
    service.save()
    return service


def names(found) -> list[str]:
    return [one.service.name for one in found]


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("0117 496 0100", "1174960100"),
        ("+44 (0)117 496 0100", "1174960100"),
        ("0117-496-0100 ext 5", "1174960100"),
        ("999", ""),
        ("", ""),
        ("ask at the desk", ""),
    ],
)
def test_phone_when_written_in_a_usual_way_then_is_one_number(typed, plain):
    assert plain_phone(typed) == plain


@given(st.text(max_size=80))
def test_plain_words_when_anything_is_given_then_never_fail_and_settle(text):
    assert plain_name(plain_name(text)) == plain_name(text)
    plain_page(text)
    plain_phone(text)


@given(st.text(max_size=40), st.text(max_size=40))
def test_likeness_when_turned_round_then_is_the_same(one, other):
    a, b = Marks(1, one, page="x.org/a"), Marks(2, other, page="x.org/a")
    assert likeness(a, b).points == likeness(b, a).points


MARKS = st.builds(
    Marks,
    st.integers(1, 9),
    st.sampled_from(
        ["", "Swim club", "Swimming club", "Pebble Lane Nursery", "Pebble Lane Day Nursery", "Chess"]
    ),
    organisation=st.sampled_from([None, 1, 2]),
    page=st.sampled_from(["", "a.example", "a.example/x", "a.example/y", "b.example/x"]),
    phones=st.sets(st.sampled_from(["1174960101", "1174960102"])),
    emails=st.sets(st.sampled_from(["a@example.org", "b@example.org"])),
    addresses=st.sets(st.sampled_from(["1 pool road BS5 6RJ", "2 pool road BS5 6RJ"])),
    postcodes=st.sets(st.sampled_from(["BS5 6RJ", "BS1 1AA"])),
    points=st.lists(st.sampled_from([(51.46, -2.56), (51.4601, -2.56), (52.0, -2.0)]), max_size=2),
)


@given(MARKS, MARKS)
def test_likeness_when_only_the_likely_are_asked_for_then_those_are_as_they_were(one, other):
    every, likely = likeness(one, other), likeness(one, other, least=LIKELY)
    assert likely.points <= every.points
    assert likely == every if every.points >= LIKELY else likely.points < LIKELY


def test_similar_when_name_and_phone_agree_then_found_with_the_reasons(authority):
    there = with_contact(make_service(authority, name="Pebble Lane Day Nursery"), "0117 496 0100")
    make_service(authority, name="Pebble Beach")
    new = with_contact(make_service(authority, name="Pebble Lane Nursery"), "+44 117 4960100")
    [found] = similar_to(new)
    assert found.service.pk == there.pk
    assert found.reasons == ("names that are alike", "the same phone number")


@pytest.mark.parametrize(
    ("fields", "found"),
    [
        ({"name": "Swim club", "url": "https://www.swim.example.org/club/"}, True),
        ({"name": "Swim club", "url": "https://other.example.org/"}, False),
        ({"name": "Knitting", "url": "https://swim.example.org/club"}, False),
        ({"name": "SWIM  CLUB!", "url": "http://swim.example.org/else"}, True),
    ],
)
def test_similar_when_name_and_website_are_compared_then_both_count(authority, fields, found):
    make_service(authority, name="Swim Club", url="https://swim.example.org/club")
    assert bool(similar_to(make_service(authority, **fields))) is found


def test_similar_when_only_the_building_is_shared_then_is_not_a_duplicate(authority):
    hall = make_location(authority, address_1="1 High Street")
    make_service(authority, name="Chess", locations=(hall,))
    assert similar_to(make_service(authority, name="Judo", locations=(hall,))) == []


def test_similar_when_name_and_distance_agree_then_found(authority):
    one = make_location(authority, postcode="", latitude=51.4744, longitude=-2.5471)
    near = make_location(authority, postcode="", latitude=51.4749, longitude=-2.5475)
    far = make_location(authority, postcode="", latitude=51.60, longitude=-2.5)
    make_service(authority, name="Judo", locations=(near,))
    make_service(authority, name="Judo", locations=(far,))
    [found] = similar_to(make_service(authority, name="Judo", locations=(one,)))
    assert found.reasons == ("the same name", "places very near each other")


def test_similar_when_of_another_council_or_merged_or_told_apart_then_not_found(authority):
    other = make_authority("Easterbrook Council", "easterbrook.example.org")
    with_contact(make_service(other, name="Judo"), "0117 496 0100")
    merged = with_contact(make_service(authority, name="Judo"), "0117 496 0100")
    known = with_contact(make_service(authority, name="Judo"), "0117 496 0100")
    Service.objects.filter(pk=merged.pk).update(merged_into=known)
    new = with_contact(make_service(authority, name="Judo"), "0117 496 0100")
    assert [one.service.pk for one in similar_to(new)] == [known.pk]
    tell_apart(first=new, second=known)
    tell_apart(first=known, second=new)
    assert similar_to(new) == []
    assert likely_pairs(authority) == []


def test_similar_when_there_are_many_entries_then_costs_at_most_ten_queries(
    authority, django_assert_max_num_queries
):
    place = make_location(authority)
    for number in range(40):
        service = make_service(
            authority, name=f"Judo club {number}", url="https://judo.example.org/", locations=(place,)
        )
        with_contact(service, "0117 496 0100", "judo@example.org")
    new = Service.objects.get(pk=service.pk)
    with django_assert_max_num_queries(10):
        assert similar_to(new)


@pytest.mark.parametrize("name", ["", " ", "\x00", "(((", "%_%", "👩‍👧", "x" * 200, "' OR 1=1 --", "\\"])
def test_similar_when_the_name_is_strange_then_never_fails(authority, name):
    service = Service(authority=authority, name=name, url="https://" + "(" * 30, section="health")
    service.contacts = [Contact(phone="0117 (((", email="a'b@example.org")]
    similar_to(service)


def test_pairs_when_read_then_likeliest_first_and_each_once(authority, django_assert_num_queries):
    hall = make_location(authority, address_1="1 High Street")
    for name in ("Judo", "Judo"):
        with_contact(make_service(authority, name=name, locations=(hall,)), "0117 496 0100")
    make_service(authority, name="Swim club", url="https://swim.example.org/a")
    make_service(authority, name="Swim club", url="https://swim.example.org/a")
    make_service(authority, name="Alone")
    with django_assert_num_queries(4):
        pairs = likely_pairs(authority)
    assert [(first.name, alike.service.name) for first, alike in pairs] == [
        ("Judo", "Judo"),
        ("Swim club", "Swim club"),
    ]
    assert all(alike.points >= LIKELY for _, alike in pairs)


def test_saving_when_alike_then_warns_with_a_way_to_compare_and_saves(admin_client, authority):
    there = make_service(authority, name="Splash club", url="https://splash.example.org/a")
    from tests.services.test_admin import form, url

    response = admin_client.post(url("add"), form(url="https://splash.example.org/a"), follow=True)
    made = Service.objects.exclude(pk=there.pk).get()
    html = response.content.decode()
    assert "This may be here already." in html
    assert reverse("merge_services", args=[there.pk, made.pk]) in html
    again = admin_client.post(url("edit", made.pk), form(url="https://splash.example.org/a"), follow=True)
    assert "This may be here already." in again.content.decode()
    autosaved = admin_client.post(
        url("edit", made.pk), form(url="https://splash.example.org/a"), headers={"accept": "application/json"}
    )
    assert "may be here already" not in autosaved.content.decode()
    assert "may be here already" not in admin_client.get(url("list")).content.decode()


def test_saving_when_the_other_has_a_hostile_name_then_is_escaped(admin_client, authority):
    from tests.services.test_admin import form, url

    make_service(authority, name="Splash club <b>", url="https://s.example.org/a")
    html = admin_client.post(url("add"), form(url="https://s.example.org/a"), follow=True).content.decode()
    assert "may be here already" in html
    assert "Splash club <b>" not in html
    assert "Splash club &lt;b&gt;" in html


# -- merging ----------------------------------------------------------------------------


@pytest.fixture
def two(authority):
    """Two entries of one service, each with something that the other lacks."""
    hall, pool = make_location(authority, name="Hall"), make_location(authority, name="Pool")
    kept = make_service(
        authority, name="Judo", summary="Ours.", needs=("ASD",), locations=(hall,), languages=["english"]
    )
    other = make_service(
        authority, name="Judo club", summary="Theirs.", description="Long.", needs=("HI",),
        locations=(hall, pool), languages=["polish"], source="gias", external_id="109104",
    )  # fmt: skip
    with_contact(kept, "0117 496 0100")
    with_contact(other, "0117 496 0100")
    with_contact(other, "0117 496 0999")
    other.costs = [CostOption(kind="free")]
    other.schedules = [Schedule(days=["MO"], closed=["2026-12-25"], location=pool)]
    other.conditions.add("epilepsy")
    other.save()
    return Service.objects.get(pk=kept.pk), Service.objects.get(pk=other.pk)


def choose(kept: Service, other: Service, **choices: str) -> dict[str, str]:
    return {one.name: one.choices[0] for one in differences(kept, other)} | choices


def test_differences_when_compared_then_each_has_a_sensible_first_choice(two):
    for key in ("english", "polish"):
        VocabularyTerm.objects.create(kind="language", key=key, label=key.title())
    found = {one.name: (one.kept, one.other, one.choices[0]) for one in differences(*two)}
    assert found["summary"] == ("Ours.", "Theirs.", "keep")
    assert found["description"] == ("", "Long.", "take")
    assert found["needs"] == ("ASD", "HI", "both")
    assert found["costs"] == ("", "Free", "take")
    assert found["languages"] == ("English", "Polish", "both")
    assert found["schedules"][1] == "Monday, all year, Pool, BS5 6RJ, closed on 25 December 2026"
    assert "section" not in found


def test_merge_when_chosen_then_one_entry_has_the_facts_and_the_other_leads_to_it(
    client, two, admin_user, authority
):
    kept, other = two
    merged = merge(kept=kept, other=other, choices=choose(kept, other, name="take"), user=admin_user)
    assert (merged.name, merged.summary, merged.description) == ("Judo club", "Ours.", "Long.")
    assert sorted(need.key for need in merged.needs.all()) == ["ASD", "HI"]
    assert sorted(row.location.name for row in merged.service_locations.all()) == ["Hall", "Pool"]
    assert sorted(row.phone for row in merged.contacts.all()) == ["0117 496 0100", "0117 496 0999"]
    assert [row.kind for row in merged.costs.all()] == ["free"]
    assert [(row.closed, row.location.name) for row in merged.schedules.all()] == [(["2026-12-25"], "Pool")]
    assert merged.languages == ["english", "polish"]
    assert [tag.name for tag in merged.conditions.all()] == ["epilepsy"]
    assert merged.live
    assert not merged.has_unpublished_changes
    assert (merged.source, merged.external_id) == ("gias", "109104")
    other.refresh_from_db()
    assert (other.live, other.merged_into_id, other.external_id) == (False, kept.pk, "")
    for path in (f"/services/{other.pk}/judo-club/", f"/services/{other.pk}/"):
        response = client.get(path)
        assert (response.status_code, response["Location"]) == (301, merged.get_absolute_url())
    for service in (merged, other):
        entry = ModelLogEntry.objects.for_instance(service).get(action=MERGED)
        assert entry.user == admin_user
    assert merged.revisions.count() == 1


def test_merge_when_nothing_is_chosen_then_only_ours_stays(two):
    kept, other = two
    merged = merge(kept=kept, other=other, choices={}, user=None)
    assert (merged.name, merged.description) == ("Judo", "")
    assert [need.key for need in merged.needs.all()] == ["ASD"]
    assert not merged.costs.all()


def test_merge_when_both_came_from_a_source_then_each_keeps_its_identity(two):
    kept, other = two
    Service.objects.filter(pk=kept.pk).update(source="gias", external_id="1")
    merged = merge(kept=kept, other=other, choices={}, user=None)
    other.refresh_from_db()
    assert (merged.external_id, other.external_id) == ("1", "109104")


def test_merge_when_comments_and_best_bets_name_the_other_then_they_follow(two, authority):
    kept, other = two
    comment = make_comment(authority)
    type(comment).objects.filter(pk=comment.pk).update(about_service=other)
    bet = BestBet.objects.create(authority=authority, phrases="judo", service=other)
    merge(kept=kept, other=other, choices={}, user=None)
    bet.refresh_from_db()
    assert bet.service_id == kept.pk
    comment.refresh_from_db()
    assert comment.about_service_id == kept.pk


def test_merge_when_a_chain_grows_then_every_old_address_leads_to_the_last(client, two, authority):
    kept, other = two
    last = make_service(authority, name="Judo at last")
    merge(kept=kept, other=other, choices={}, user=None)
    merge(kept=last, other=Service.objects.get(pk=kept.pk), choices={}, user=None)
    for service in (kept, other):
        assert client.get(f"/services/{service.pk}/")["Location"] == last.get_absolute_url()


def test_merge_when_the_one_that_stays_is_taken_down_then_old_addresses_are_not_found(client, two):
    kept, other = two
    merged = merge(kept=kept, other=other, choices={}, user=None)
    merged.unpublish()
    assert client.get(f"/services/{other.pk}/").status_code == 404


def test_merge_when_the_two_cannot_be_one_then_says_why_and_writes_nothing(two, authority, django_user_model):
    kept, other = two
    foreign = make_service(make_authority("Easterbrook Council", "easterbrook.example.org"))
    drafted = make_service(authority, name="Drafted")
    drafted.save_revision()
    Service.objects.filter(pk=drafted.pk).update(has_unpublished_changes=True)
    for one, words in [
        (kept, "two different"),
        (foreign, "different councils"),
        (drafted, "a draft of it is waiting"),
    ]:
        with pytest.raises(ValidationError) as refused:
            merge(kept=kept, other=one, choices={}, user=None)
        assert words in " ".join(refused.value.messages)
    Service.objects.filter(pk=other.pk).update(min_age=18)
    Service.objects.filter(pk=kept.pk).update(max_age=5)
    with pytest.raises(ValidationError):
        merge(kept=kept, other=other, choices={"min_age": "take"}, user=None)
    assert Service.objects.live().filter(pk__in=[kept.pk, other.pk]).count() == 2
    assert not ModelLogEntry.objects.filter(action=MERGED).exists()


def test_merge_when_a_follower_fails_then_nothing_is_merged(two):
    from services.signals import services_merged

    def fail(**kwargs):
        raise RuntimeError("broken")

    services_merged.connect(fail)
    try:
        with pytest.raises(RuntimeError):
            merge(kept=two[0], other=two[1], choices={}, user=None)
    finally:
        services_merged.disconnect(fail)
    assert Service.objects.filter(merged_into=None, live=True).count() == 2


class TestReport:
    def test_report_when_opened_then_lists_pairs_and_the_two_can_be_told_apart(self, admin_client, two):
        html = admin_client.get(reverse("duplicates_report")).content.decode()
        assert "1 pair" in html
        assert "the same phone number" in html
        admin_client.post(reverse("tell_services_apart", args=[two[0].pk, two[1].pk]))
        assert "No two entries look alike." in admin_client.get(reverse("duplicates_report")).content.decode()

    def test_comparison_when_opened_and_posted_then_merges(self, admin_client, two):
        kept, other = two
        address = reverse("merge_services", args=[kept.pk, other.pk])
        html = admin_client.get(address).content.decode()
        assert "Theirs." in html
        assert '<option value="keep" selected>Keep this</option>' in html
        response = admin_client.post(address, {"fact-summary": "take", "fact-needs": "nonsense"})
        assert response.status_code == 302
        kept.refresh_from_db()
        assert kept.summary == "Theirs."
        assert [need.key for need in kept.needs.all()] == ["ASD"]

    def test_comparison_when_it_cannot_be_then_says_why_and_offers_no_button(self, admin_client, two):
        kept, other = two
        Service.objects.filter(pk=other.pk).update(has_unpublished_changes=True)
        address = reverse("merge_services", args=[kept.pk, other.pk])
        html = admin_client.get(address).content.decode()
        assert "You cannot merge them now." in html
        assert "Merge them</button>" not in html
        assert "Nothing was merged." in admin_client.post(address).content.decode()

    def test_pages_when_opened_without_the_right_then_refused(self, client, two, django_user_model):
        user = django_user_model.objects.create_user("viewer", "viewer@example.org", "password")
        user.user_permissions.set(Permission.objects.filter(codename="access_admin"))
        client.force_login(user)
        pks = [service.pk for service in two]
        for address in (reverse("duplicates_report"), reverse("merge_services", args=pks)):
            assert client.get(address).status_code in {302, 403}
        client.post(reverse("merge_services", args=pks))
        user.user_permissions.add(Permission.objects.get(codename="change_service"))
        client.force_login(django_user_model.objects.get(pk=user.pk))
        assert client.get(reverse("merge_services", args=pks)).status_code == 200
        client.post(reverse("merge_services", args=pks))
        assert Service.objects.live().count() == 2

    @pytest.mark.parametrize("pks", [(0, 1), (999999, 999998), (2**63, 2**64)])
    def test_comparison_when_there_is_no_such_entry_then_not_found(self, admin_client, authority, pks):
        make_home()
        assert admin_client.get(reverse("merge_services", args=pks)).status_code == 404


def test_answer_when_it_names_a_merged_entry_then_shows_the_one_that_stays(two):
    kept, other = two
    merge(kept=kept, other=other, choices={}, user=None)
    other.refresh_from_db()
    assert other.standing == kept
    assert Service.objects.get(pk=kept.pk).standing == kept


def test_organisation_when_shared_then_adds_to_the_likeness(authority):
    provider = make_organisation(authority)
    make_service(authority, name="Judo", organisation=provider)
    [found] = similar_to(make_service(authority, name="Judo", organisation=provider))
    assert found.reasons == ("the same name", "the same provider")


def test_entries_of_one_provider_when_only_its_address_phone_and_site_agree_then_are_not_alike(authority):
    provider, hall = make_organisation(authority), make_location(authority, address_1="1 High Street")
    for name, page in [("Speech therapy", "a"), ("Physiotherapy", "b"), ("Talking therapy", "b")]:
        service = make_service(
            authority,
            name=name,
            organisation=provider,
            locations=(hall,),
            url=f"https://nhs.example.org/{page}",
        )
        with_contact(service, "0117 496 0100", "therapy@example.org")
    [(first, alike)] = likely_pairs(authority)
    assert (first.name, alike.service.name) == ("Physiotherapy", "Talking therapy")
