"""Every page of our own that staff meet in the admin, by the name of its address."""

from tests.gates.places import Place, press

SNIPPETS = (
    "localoffer_glossaryterm", "localoffer_formatrequest", "localoffer_evaluationset", "localoffer_audience",
    "services_service", "services_organisation", "services_location", "services_schoolterm",
    "services_need", "services_category", "services_vocabularyterm",
    "search_synonymgroup", "search_bestbet",
)  # fmt: skip
PLAIN = (
    "guide", "guide_chapter",
    "coverage_report", "lapsed_credit", "twins_report", "plain_language", "plain_language_page",
    "personal_data", "personal_data_person", "evidence_pack", "roles_report",
    "draft_committee", "rate_evaluation", "share_links",
    "duplicates_report", "merge_services", "who_checks", "freshness_report", "broken_links_report",
    "failed_searches", "feedback_asked", "feedback_useful",
    "services_suggestions:index", "services_suggestions:edit",
    "service_imports:index", "service_imports:result", "service_imports:dry_run", "service_imports:words",
    "service_imports:job",
    "feedback_comments:index", "feedback_comments:add", "feedback_comments:edit",
    "feedback_actions:index", "feedback_actions:add", "feedback_actions:edit", "feedback_actions:inspect",
    "feedback_templates:index", "feedback_templates:add", "feedback_templates:edit",
    "feedback_templates:delete",
    "feedback_record:index", "feedback_annual:index",
    "feedback_rounds:index", "feedback_rounds:add", "feedback_rounds:edit", "feedback_rounds:delete",
    "feedback_consultees:index", "feedback_consultees:edit",
    "feedback_gaps:index", "feedback_gaps:add", "feedback_gaps:edit",
)  # fmt: skip
# Page editors that hold panels of our own.
EDITORS = (
    "HomePage", "TransportPage", "GuidancePage", "StepByStepPage", "TranslatedPage", "EasyReadPage",
    "AccessibilityStatementPage", "ScorecardPage", "SelfEvaluationPage", "ResponsibilityPage",
    "CommitteeReportPage", "AnnualReportPage", "GuidedFinderPage",
)  # fmt: skip
ADMIN = (
    Place("dashboard", "wagtailadmin_home"),
    *(Place(name, name) for name in PLAIN),
    *(Place(f"{kind}:{what}", f"wagtailsnippets_{kind}:{what}") for kind in SNIPPETS
      for what in ("list", "add", "edit")),
    *(Place(f"editor: {kind}", "wagtailadmin_pages:edit", path=kind) for kind in EDITORS),
    Place("comments: nothing fits", "feedback_comments:index", path="?q=zzzqqqxx"),
    Place("comments: errors", "feedback_comments:add", steps=(press("Create"),)),
    Place("personal data: nobody", "personal_data_person", path="?email=nobody@example.org"),
    Place("way in", "wagtailadmin_login"),
    Place("own account", "wagtailadmin_account"),
)  # fmt: skip
# Addresses of the admin that draw no page of ours, by pattern, and why.
NO_ADMIN_PAGE = (
    ("*chooser*", "Wagtail's dialogs"),
    ("*results *_results", "parts of a page that its list holds too"),
    ("*history *usage *copy *revisions_* *preview_* *workflow_* *collect_* *confirm_workflow*",
     "Wagtail's own pages about our models"),
    ("*:lock *:unlock", "presses"),
    ("wagtailsnippets_*:delete wagtailsnippets_*:unpublish", "Wagtail's own questions"),
    ("sign_requirement confirm_twin count_committee tell_services_apart failed_search_gap", "presses"),
    ("service_imports:apply service_imports:discard feedback_gaps:look feedback_annual:draft "
     "feedback_annual:count", "presses"),
    ("service_imports:download service_imports:rejects feedback_gaps:export", "files"),
)  # fmt: skip
