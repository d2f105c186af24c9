"""The public page of a service."""

import json
import re
from datetime import date, time, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from services.enums import CostKind, ProviderType, Scope, SessionWhen
from services.models import Contact, CostOption, Schedule, ServiceLocation, VocabularyTerm
from tests.factories import make_authority, make_location, make_organisation, make_service

pytestmark = pytest.mark.django_db

HOSTILE = "</script><script>alert(1)</script><img src=x onerror=alert(2)>\"'"


def full_service(authority, **fields):
    """A service with one of everything."""
    for kind, key, label in [
        ("access_fact", "step_free", "Step-free"),
        ("access_route", "parent", "You"),
        ("access_route", "school", "Your child’s school"),
        ("language", "english", "English"),
        ("delivery", "in_person", "In person"),
    ]:
        VocabularyTerm.objects.get_or_create(kind=kind, key=key, defaults={"label": label})
    provider = fields.pop("organisation", None) or make_organisation(authority, name="Avonmere Council")
    place = fields.pop("place", None) or make_location(
        authority,
        name="North base, Larkhill School",
        address_1="Larkhill Drive",
        city="Avonmere",
        postcode="BS10 6RF",
        access=["step_free"],
        sensory="There is a quiet room.\nLunch is loud.",
    )
    fields = {
        "name": "Summer Splash playscheme",
        "summary": "A holiday playscheme for disabled children.",
        "description": "Each day starts in the same way.\n\nChildren can come for ten days.",
        "eligibility": "Disabled children who need one-to-one help.",
        "how_to_access": "Send the form by 31 January.",
        "who_decides": "The short breaks panel.",
        "complaints": "Ask to speak to the team manager.",
        "access_routes": ["parent", "school"],
        "languages": ["english"],
        "delivery": ["in_person"],
        "min_age": 5,
        "max_age": 17,
        "level": "targeted",
        "url": "https://splash.example.org/",
        "last_checked": date(2026, 2, 4),
        "review_by": timezone.localdate() + timedelta(days=30),
        **fields,
    }
    service = make_service(
        authority,
        organisation=provider,
        needs=("ASD",),
        categories=("short_breaks",),
        locations=(place,),
        **fields,
    )
    service.contacts = [Contact(role="Short breaks officer", phone="0117 496 0641", email="ask@example.org")]
    service.costs = [CostOption(kind=CostKind.CHARGED, amount=Decimal("12.00"), note="A day.")]
    service.schedules = [
        Schedule(
            days=["MO", "TU", "WE"], opens=time(10), closes=time(15, 30), when=SessionWhen.SCHOOL_HOLIDAYS
        )
    ]
    service.conditions.add("epilepsy")
    service.save()
    return service


def text_of(response) -> str:
    """The words of a page, tags and spacing aside."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def test_detail_page_of_a_full_entry_when_read_then_says_every_fact(client, authority):
    service = full_service(authority)
    response = client.get(service.get_absolute_url())
    assert response.status_code == 200
    words = text_of(response)
    for fact in [
        "Avonmere Council · Short breaks",
        "A holiday playscheme for disabled children.",
        "5 to 17",
        "£12 a day.",
        "Monday to Wednesday, 10am to 3:30pm, in school holidays",
        "For children who need extra help",
        "ASD Epilepsy",
        "Each day starts in the same way.",
        "Disabled children who need one-to-one help.",
        "Send the form by 31 January.",
        "You Your child’s school",
        "The short breaks panel.",
        "Ask to speak to the team manager.",
        "North base, Larkhill School",
        "Larkhill Drive, Avonmere, BS10 6RF",
        "Step-free",
        "There is a quiet room.",
        "Short breaks officer",
        "0117 496 0641",
        "Checked 4 February 2026",
    ]:
        assert fact in words, fact
    html = response.content.decode()
    assert "<p>Each day starts in the same way.</p>" in html
    assert 'href="tel:+441174960641"' in html
    assert 'href="mailto:ask@example.org"' in html
    assert '<a class="link-row" href="https://splash.example.org/" rel="noopener">' in html


def test_detail_page_when_slug_is_wrong_then_redirects_for_good(client, authority):
    service = make_service(authority, name="Pebble Lane Nursery")
    for path in (f"/services/{service.pk}/old-name/", f"/services/{service.pk}/"):
        response = client.get(path)
        assert response.status_code == 301
        assert response["Location"] == f"/services/{service.pk}/pebble-lane-nursery/"


@pytest.mark.parametrize("pk", ["0", "999999", "9" * 40])
def test_detail_page_when_no_such_service_then_not_found(client, authority, pk):
    assert client.get(f"/services/{pk}/anything/").status_code == 404


def test_detail_page_when_not_live_then_not_found(client, authority):
    service = make_service(authority, live=False)
    assert client.get(service.get_absolute_url()).status_code == 404


def test_detail_page_when_posted_to_then_refused(client, authority):
    assert client.post(make_service(authority).get_absolute_url()).status_code == 405


@pytest.mark.parametrize(
    ("scope", "status"),
    [(Scope.LOCAL, 404), (Scope.NEIGHBOURING, 404), (Scope.REGIONAL, 404), (Scope.NATIONAL, 200)],
)
def test_detail_page_of_another_authority_when_read_then_only_the_national_one_shows(
    client, authority, scope, status
):
    other = make_authority("Easterbrook Council", "easterbrook.example.org")
    service = make_service(other, scope=scope)
    assert client.get(service.get_absolute_url()).status_code == status


def test_detail_page_of_another_authority_when_it_serves_this_one_then_shows(client, authority):
    other = make_authority("Easterbrook Council", "easterbrook.example.org")
    service = make_service(other, scope=Scope.REGIONAL)
    service.serves = [authority]
    service.save()
    assert client.get(service.get_absolute_url()).status_code == 200


def test_detail_page_when_overdue_then_asks_to_ring(client, authority):
    service = full_service(authority, review_by=timezone.localdate() - timedelta(days=1))
    words = text_of(client.get(service.get_absolute_url()))
    assert "Please ring before you go" in words
    assert "This page was last checked on 4 February 2026" in words


def test_detail_page_when_due_today_then_is_not_late(client, authority):
    service = full_service(authority, review_by=timezone.localdate())
    assert "ring before you go" not in text_of(client.get(service.get_absolute_url())).lower()


def test_detail_page_when_nothing_is_known_then_says_not_stated_and_never_free(client, authority):
    service = make_service(authority, name="Bare entry")
    response = client.get(service.get_absolute_url())
    words = text_of(response)
    assert "Cost Not stated" in words
    assert "Age Not stated" in words
    assert "Anywhere in our area" in words
    assert "No one has told us how to reach this service yet." in words
    assert "free" not in words.split("At a glance")[1].split("Is something wrong")[0].lower()


@pytest.mark.parametrize("postcode", ["BS5 6RJ", "BS56RJ", "bs5 6rj"])
def test_detail_page_when_address_is_hidden_then_only_its_first_half_is_anywhere(client, authority, postcode):
    refuge = make_location(
        authority,
        name="Rosewood House",
        address_1="9 Secret Lane",
        address_2="Rear flat",
        city="Hiddenham",
        county="Hidshire",
        postcode=postcode,
        latitude=51.123456,
        longitude=-2.654321,
        address_hidden=True,
    )
    service = full_service(authority, place=refuge)
    html = client.get(service.get_absolute_url()).content.decode()
    assert "Near BS5" in html
    for secret in ["Rosewood", "Secret", "Rear", "Hiddenham", "Hidshire", "6RJ", "51.12", "2.65"]:
        assert secret.lower() not in html.lower()


def test_detail_page_when_texts_are_hostile_then_all_are_escaped(client, authority):
    provider = make_organisation(authority, name=HOSTILE)
    place = make_location(authority, name=HOSTILE, address_1=HOSTILE, sensory=HOSTILE)
    texts = [
        "name", "description", "eligibility", "how_to_access", "who_decides", "complaints",
        "practice_teaching", "waiting_time",
    ]  # fmt: skip
    service = full_service(
        authority, organisation=provider, place=place, summary=HOSTILE, **dict.fromkeys(texts, HOSTILE)
    )
    service.contacts = [Contact(role=HOSTILE, phone=HOSTILE[:40])]
    service.costs = [CostOption(kind=CostKind.CHARGED, amount=Decimal(5), note=HOSTILE)]
    service.schedules = [Schedule(days=[HOSTILE, "MO"], note=HOSTILE)]
    service.conditions.add(HOSTILE)
    service.save()
    html = client.get(service.get_absolute_url()).content.decode()
    assert "<script>alert" not in html
    assert "<img src=x" not in html
    assert html.count("</script>") == html.count("<script")


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "ftp://files.example.org/", "data:text/html,x", "//x"]
)
def test_detail_page_when_link_is_not_a_web_address_then_it_is_left_out(client, authority, url):
    service = make_service(authority, url=url, sen_information_report_url=url)
    assert f'href="{url}' not in client.get(service.get_absolute_url()).content.decode()


def test_detail_page_of_a_school_when_it_answered_then_shows_question_answer_and_report(client, authority):
    school = make_organisation(authority, provider_type=ProviderType.ACADEMY)
    service = make_service(
        authority,
        organisation=school,
        practice_wellbeing="There is a worry box.",
        sen_information_report_url="https://school.example.org/sen",
        sen_information_report_date=date(2026, 5, 3),
    )
    response = client.get(service.get_absolute_url())
    words = text_of(response)
    assert "What the school says about its help" in words
    assert "How do you help with feelings, friends and worries? There is a worry box." in words
    assert "Read the SEN information report , dated 3 May 2026" in words
    assert 'href="https://school.example.org/sen" rel="noopener"' in response.content.decode()


def test_detail_page_json_ld_when_read_then_is_json_of_the_entry(client, authority):
    service = full_service(authority, summary="</script><b>&")
    html = client.get(service.get_absolute_url()).content.decode()
    block = re.search(r'<script type="application/ld\+json">(.*?)</script>', html, re.S).group(1)
    entry, trail = json.loads(block)["@graph"]
    assert entry["description"] == "</script><b>&"
    assert entry["url"] == f"http://testserver{service.get_absolute_url()}"
    place, contact, site = entry["availableChannel"]
    assert place["serviceLocation"]["address"]["streetAddress"] == "Larkhill Drive"
    assert contact["servicePhone"]["telephone"] == "0117 496 0641"
    assert site["serviceUrl"] == "https://splash.example.org/"
    assert entry["offers"] == [
        {"@type": "Offer", "price": "12.00", "priceCurrency": "GBP", "description": "A day."}
    ]
    assert entry["audience"] == {"@type": "PeopleAudience", "suggestedMinAge": 5, "suggestedMaxAge": 17}
    assert "hoursAvailable" not in entry  # it happens in school holidays only
    assert [step["position"] for step in trail["itemListElement"]] == [1, 2, 3]
    assert trail["itemListElement"][2]["item"] == entry["url"]


def test_detail_page_when_asked_for_feedback_then_names_this_page(client, authority):
    service = make_service(authority, name="Sunny club")
    html = client.get(service.get_absolute_url()).content.decode()
    assert "Is something wrong or missing here?" in html
    assert f"%2Fservices%2F{service.pk}%2Fsunny-club%2F" in html


def test_detail_page_queries_when_cold_and_when_warm_then_stay_under_the_ceiling(
    client, authority, django_assert_max_num_queries
):
    service = full_service(authority)
    for number in range(5):
        place = make_location(authority, name=f"Place {number}", access=["step_free"])
        service.service_locations.add(ServiceLocation(location=place))
    service.scope = Scope.REGIONAL
    service.serves.set([make_authority("Brook Council", "brook.localhost")])
    service.save()
    client.get(make_service(authority).get_absolute_url())  # the frame, shared by every page, is remembered
    with django_assert_max_num_queries(8):
        assert "Brook" in client.get(service.get_absolute_url()).content.decode()
    VocabularyTerm.objects.update(retired=False)  # a change of the words: they are read again
    with django_assert_max_num_queries(10):
        client.get(service.get_absolute_url())
    with django_assert_max_num_queries(1):
        client.get(service.get_absolute_url())


def test_detail_page_when_wait_days_areas_and_numbers_are_known_then_each_is_said(client, authority):
    provider = make_organisation(
        authority,
        name="Splash CIO",
        description="We swim.",
        urn="109104",
        ofsted_urn="EY1",
        charity_number="123456",
    )
    service = full_service(
        authority,
        organisation=provider,
        waiting_weeks=6,
        waiting_as_of=date(2026, 6, 3),
        scope=Scope.REGIONAL,
        areas_served="Easterbrook\nWestmarch",
        last_checked_by="Short breaks officer",
    )
    [place] = [row.location for row in service.service_locations.all()]
    VocabularyTerm.objects.get_or_create(
        kind="sensory_fact", key="can_be_loud", defaults={"label": "It can be loud"}
    )
    place.senses = ["can_be_loud"]
    place.save()
    soon = timezone.localdate() + timedelta(days=10)
    service.schedules = [
        Schedule(
            days=["SA"],
            opens=time(10),
            location=place,
            valid_to=soon,
            closed=["2020-01-01", soon.isoformat()],
            extra=[soon.isoformat()],
        )
    ]
    service.contacts = [Contact(role="Front desk", phone="0117 496 0000", location=place)]
    service.save()
    response = client.get(service.get_absolute_url())
    words = text_of(response)
    day = f"{soon.day} {soon:%B %Y}"
    for fact in [
        "About 6 weeks. Looked at on 3 June 2026.",
        "Easterbrook and Westmarch",
        "It can be loud",
        "Saturday, from 10am, all year. At North base, Larkhill School. "
        f"Until {day}. Closed on {day}. Also on {day}.",
        "Front desk, North base, Larkhill School",
        "School number (URN) 109104",
        "Ofsted number EY1",
        "Charity number 123456",
        "We swim.",
        "Checked by Short breaks officer",
        "Add to your calendar",
        "See it on a map",
        "Report a mistake on this page",
    ]:
        assert fact in words, fact
    assert "2020" not in words
    html = response.content.decode()
    assert f'href="/services/{service.pk}/sessions.ics"' in html
    assert "topic=content_quality" in html


def test_detail_page_when_no_day_is_known_then_offers_no_calendar(client, authority):
    service = make_service(authority)
    service.schedules = [Schedule(note="When we can.")]
    service.save()
    assert "sessions.ics" not in client.get(service.get_absolute_url()).content.decode()


# The types and their properties that we use, from schema.org: a slip in a name is caught here.
SCHEMA_ORG = {
    "Service": {"identifier", "name", "description", "url", "serviceType", "provider", "audience",
                "areaServed", "availableChannel", "hoursAvailable", "offers"},
    "ServiceChannel": {"serviceLocation", "servicePhone", "serviceUrl"},
    "ContactPoint": {"contactType", "telephone", "email"},
    "Place": {"name", "address", "geo"},
    "PostalAddress": {"streetAddress", "addressLocality", "addressRegion", "postalCode", "addressCountry"},
    "GeoCoordinates": {"latitude", "longitude"},
    "OpeningHoursSpecification": {"dayOfWeek", "opens", "closes", "validFrom", "validThrough"},
    "Offer": {"price", "priceCurrency", "description"},
    "PeopleAudience": {"suggestedMinAge", "suggestedMaxAge"},
    "PropertyValue": {"propertyID", "value"},
    "BreadcrumbList": {"itemListElement"},
    "ListItem": {"position", "name", "item"},
}  # fmt: skip
SCHEMA_ORG["GovernmentService"] = SCHEMA_ORG["Service"]
for _organisation in ("Organization", "School", "Preschool", "ChildCare", "CollegeOrUniversity",
                      "GovernmentOrganization", "MedicalOrganization"):  # fmt: skip
    SCHEMA_ORG[_organisation] = {"name", "url", "identifier"}


def check_node(node: object) -> None:
    if isinstance(node, list):
        for each in node:
            check_node(each)
    elif isinstance(node, dict):
        names = {name for name in node if not name.startswith("@")}
        assert names <= SCHEMA_ORG[node["@type"]], (node["@type"], names)
        assert not [name for name in names if node[name] in (None, "", [])]
        for value in node.values():
            check_node(value)


@pytest.mark.parametrize("kind", ProviderType.values)
def test_detail_page_json_ld_of_each_provider_when_checked_then_uses_only_schema_org_words(
    client, authority, kind
):
    provider = make_organisation(authority, provider_type=kind, urn="109104", url="https://a.example.org/")
    service = full_service(authority, organisation=provider)
    service.schedules = [Schedule(days=["MO"], opens=time(9), closes=time(10))]
    service.costs = [CostOption(kind=CostKind.FREE)]
    service.save()
    html = client.get(service.get_absolute_url()).content.decode()
    content = json.loads(
        re.search(r'<script type="application/ld\+json">(.*?)</script>', html, re.S).group(1)
    )
    assert content.pop("@context") == "https://schema.org"
    check_node(content["@graph"])
    assert content["@graph"][0]["hoursAvailable"][0]["dayOfWeek"] == ["https://schema.org/Monday"]


def test_detail_page_json_ld_when_the_cost_is_not_stated_then_offers_nothing(client, authority):
    service = make_service(authority)
    service.costs = [CostOption(kind=CostKind.NOT_STATED)]
    service.save()
    assert '"offers"' not in client.get(service.get_absolute_url()).content.decode()
