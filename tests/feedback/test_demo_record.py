"""The demonstration's record is true: its report is counted from its own log, approved and fixed."""

from io import StringIO

from bs4 import BeautifulSoup
from django.conf import settings
from django.core.management import call_command
from django.test import TestCase
from wagtail.models import Site

from feedback import annual_figures, consultation
from feedback.annual_period import ReportPeriod
from feedback.models import ConsultationRound, FrozenReport, Gap, UsefulCount
from localoffer.demo import load_pages, set_up_council

ADDRESS = "/have-your-say/annual-report/2025-2026/"


class DemoRecordTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        quiet = {"stdout": StringIO(), "stderr": StringIO()}
        call_command("setup", name="Avonmere Council", area="Avonmere", hostname="testserver", **quiet)
        cls.site = Site.objects.get(is_default_site=True)
        set_up_council(cls.site)
        call_command("load_vocabularies", **quiet)
        call_command("load_demo_services", **quiet)
        load_pages(cls.site, settings.BASE_DIR / "demo")
        call_command("load_demo_comments", **quiet)
        call_command("load_demo_record", **quiet)

    def test_report_when_loaded_then_frozen_intact_and_the_numbers_of_the_log(self):
        record = FrozenReport.objects.get()
        assert record.is_intact
        data = record.content["data"]
        again = annual_figures.count(self.site, ReportPeriod.parse("2025-2026"))
        for key in ("received", "shown", "not_shown", "topics", "roles", "themes"):
            assert data[key] == again[key], key
        assert data["received"] == 28
        assert [step["kind"] for step in record.content["approvals"]] == ["forum", "council"]

    def test_page_when_read_then_holds_no_identifier_of_any_comment(self):
        import json

        rows = json.loads((settings.BASE_DIR / "demo" / "comments.json").read_text(encoding="utf-8"))
        html = BeautifulSoup(self.client.get(ADDRESS).content, "html.parser").get_text(" ")
        files = [self.client.get(f"{ADDRESS}{part}.csv").content.decode() for part in ("numbers", "comments")]
        for row in rows["comments"]:
            shown = row["expected"]["public_text"] or ""
            for identifier in row["expected"]["identifiers"]:
                if identifier.lower() not in shown.lower() and len(identifier) > 4:
                    for text in (html, *files):
                        assert identifier not in text, (row["id"], identifier)

    def test_consultation_when_loaded_then_some_the_law_names_were_not_invited(self):
        assert ConsultationRound.objects.count() == 2
        missing = {category.key for category in consultation.not_invited(self.site)}
        assert "yot" in missing
        assert "cyp_sen_parents" not in missing

    def test_gaps_when_loaded_then_all_kinds_and_decisions(self):
        assert set(Gap.objects.values_list("kind", flat=True)) >= {"search", "comment", "cell"}
        assert set(Gap.objects.values_list("status", flat=True)) >= {"new", "looking", "planned", "closed"}

    def test_second_load_when_all_is_there_then_nothing_changes(self):
        out = StringIO()
        before = FrozenReport.objects.get().frozen_at
        call_command("load_demo_record", stdout=out)
        assert "already there" in out.getvalue()
        assert FrozenReport.objects.get().frozen_at == before
        assert UsefulCount.objects.count() == 12

    def test_pages_when_warm_then_few_queries(self):
        for address, most in ((ADDRESS, 16), ("/have-your-say/how-we-made-this/", 22)):
            self.client.get(address)
            with self.subTest(address), self.assertNumQueriesAtMost(most):
                self.client.get(address)

    def assertNumQueriesAtMost(self, most: int):
        from tests.test_demonstration import QueriesAtMost

        return QueriesAtMost(most)
