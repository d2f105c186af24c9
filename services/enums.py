"""Fixed kinds that code depends on. Words that a council may change are vocabulary rows."""

from django.db import models


class SectionKey(models.TextChoices):
    """Where a service is listed. Same keys as `localoffer.regulations.Section`."""

    EDUCATION = "education", "Learning, from nursery to college"
    HEALTH = "health", "Health and therapies"
    SOCIAL_CARE = "social_care", "Care, short breaks and family life"
    TRANSPORT = "transport", "Getting there"
    ADULTHOOD = "adulthood", "Growing up and adult life"
    ADVICE = "advice", "Advice and people to talk to"
    REDRESS = "redress", "If you disagree or are unhappy"


class ProviderType(models.TextChoices):
    """Who runs it. The first eleven answer Schedule 2 paragraph 1 (requirements edu.provider.*)."""

    EARLY_YEARS = "early_years", "Nursery or pre-school"
    CHILDMINDER = "childminder", "Childminder"
    MAINTAINED_SCHOOL = "maintained_school", "Council-maintained school"
    ACADEMY = "academy", "Academy"
    FREE_SCHOOL = "free_school", "Free school"
    NON_MAINTAINED_SPECIAL = "non_maintained_special", "Non-maintained special school"
    INDEPENDENT_SPECIAL = "independent_special", "Independent special school"
    SECTION41 = "section41", "Independent special school or college on the national approved list"
    FURTHER_EDUCATION = "further_education", "College"
    SPECIALIST_POST16 = "specialist_post16", "Specialist college"
    PUPIL_REFERRAL_UNIT = "pupil_referral_unit", "Pupil referral unit"
    INDEPENDENT_SCHOOL = "independent_school", "Independent school"
    COUNCIL = "council", "Council"
    NHS = "nhs", "NHS"
    VOLUNTARY = "voluntary", "Charity or community group"
    PRIVATE = "private", "Private company"
    PARENT_LED = "parent_led", "Run by parents"


class Scope(models.TextChoices):
    """How far a service reaches (Children and Families Act 2014 s.30(1)(a) and (b))."""

    LOCAL = "local", "In our area"
    NEIGHBOURING = "neighbouring", "In another council's area"
    REGIONAL = "regional", "Across the region"
    NATIONAL = "national", "Anywhere in England"
    ONLINE = "online", "Online or by phone"


# What requirement evidence calls "scope:out_of_area" (s.30(1)(b)).
OUT_OF_AREA = frozenset({Scope.NEIGHBOURING, Scope.REGIONAL, Scope.NATIONAL})


class Level(models.TextChoices):
    """How specialised the help is (draft Code of Practice 5.2)."""

    UNIVERSAL = "universal", "Open to all"
    TARGETED = "targeted", "For children who need extra help"
    SPECIALIST = "specialist", "Specialist"


class CostKind(models.TextChoices):
    """A cost that nobody has told us is "not stated", never free."""

    FREE = "free", "Free"
    SUBSIDISED = "subsidised", "Some help with cost"
    CHARGED = "charged", "You pay"
    PERSONAL_BUDGET = "personal_budget", "Personal budget or direct payment"
    NOT_STATED = "not_stated", "Not stated"


class SessionWhen(models.TextChoices):
    ALL_YEAR = "all_year", "All year"
    TERM_TIME = "term_time", "Term time"
    SCHOOL_HOLIDAYS = "school_holidays", "School holidays"


class Day(models.TextChoices):
    """iCalendar's two letters."""

    MONDAY = "MO", "Monday"
    TUESDAY = "TU", "Tuesday"
    WEDNESDAY = "WE", "Wednesday"
    THURSDAY = "TH", "Thursday"
    FRIDAY = "FR", "Friday"
    SATURDAY = "SA", "Saturday"
    SUNDAY = "SU", "Sunday"


class CheckedBy(models.TextChoices):
    """On whose side the person stood who last checked an entry."""

    PROVIDER = "provider", "the provider"
    COUNCIL = "council", "the council"


class OverduePolicy(models.TextChoices):
    """What happens to an entry that nobody checks. Families are warned on it from its first late day."""

    FLAG = "flag", "Keep it on the site, with a warning to ring first"
    HIDE = "hide", "Take it off the site until it is checked"


class ReminderKind(models.TextChoices):
    """The steps, in order: the days are before the check is due."""

    FIRST = "first", "First email to the provider"
    SECOND = "second", "Second email to the provider"
    LAST = "last", "Email to the provider on the day"
    OFFICER = "officer", "Email to the officer"
    OVERDUE = "overdue", "Flagged or taken off the site"


class ReminderState(models.TextChoices):
    """`UNSURE`: the run stopped while the mail was on its way, so nobody knows whether it went."""

    PENDING = "pending", "Not sent yet"
    SENDING = "sending", "Being sent"
    SENT = "sent", "Sent"
    FAILED = "failed", "Could not be sent"
    UNSURE = "unsure", "We do not know if it was sent"
    NOWHERE = "nowhere", "There is no address"


class SuggestionKind(models.TextChoices):
    CHANGE = "change", "Change"
    CLOSED = "closed", "No longer runs"


class SuggestionState(models.TextChoices):
    WAITING = "waiting", "Waiting"
    ACCEPTED = "accepted", "Accepted"
    PARTLY = "partly", "Partly accepted"
    DECLINED = "declined", "Not accepted"


class TrustedField(models.TextChoices):
    """What a trusted provider may be let change without waiting."""

    PHONE = "phone", "Phone numbers"
    SCHEDULES = "schedules", "Days and times"
    URL = "url", "Website"
    WAITING_TIME = "waiting_time", "Waiting time"
    COSTS = "costs", "Cost"


class LinkState(models.TextChoices):
    """`BLOCKED`: we may not or will not ask there, which says nothing of whether it works."""

    NEW = "new", "Not checked yet"
    GOOD = "good", "Works"
    SHAKY = "shaky", "Did not answer last time"
    BROKEN = "broken", "Broken"
    BLOCKED = "blocked", "Cannot be checked"


class TermKind(models.TextChoices):
    """Vocabularies that are only a key and a label (rows of `VocabularyTerm`)."""

    SEN_STATUS = "sen_status", "Plan or support"
    CIRCUMSTANCE = "circumstance", "About your child"
    ACCESS_ROUTE = "access_route", "Who can ask"
    DELIVERY = "delivery", "How it happens"
    ACCESS_FACT = "access_fact", "Getting in and around"
    SENSORY_FACT = "sensory_fact", "Noise, light and space"
    LANGUAGE = "language", "Language"


# The ten questions of Schedule 2 paragraph 5, in the law's order: requirement edu.practice.<name>.
PRACTICE_QUESTIONS = {
    "teaching": "How do you teach children with special educational needs?",
    "adaptation": "How do you change lessons and the building?",
    "learning_support": "What extra help with learning is there?",
    "progress": "How do you check progress, with the child and parents?",
    "effectiveness": "How do you check that your help works, with families?",
    "facilities": "How can children use your rooms and equipment?",
    "activities": "What clubs, trips and sport can children join?",
    "support": "What other support is there?",
    "expertise": "How do your staff get the skills they need?",
    "wellbeing": "How do you help with feelings, friends and worries?",
}
