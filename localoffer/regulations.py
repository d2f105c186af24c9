"""What the law asks of a local offer: sections, weights and the 67 requirements. Pure.

The wording is our own, for building software, and not legal advice. `reference` may be shown to
the public only where `ref_verified` is true: somebody read the text it points to. A `code_should`
or `good_practice` item never moves the score of the statutory ones.
"""

from dataclasses import dataclass
from enum import StrEnum


class Section(StrEnum):
    """The parts of the offer (Children and Families Act 2014 s.30(2), and the Regulations' redress)."""

    EDUCATION = "education"
    HEALTH = "health"
    SOCIAL_CARE = "social_care"
    TRANSPORT = "transport"
    ADULTHOOD = "adulthood"
    REDRESS = "redress"
    ADVICE = "advice"
    ACCESS = "access"


class Weight(StrEnum):
    """How binding a requirement is; the weights are counted apart."""

    STATUTORY = "statutory"
    CODE_MUST = "code_must"
    CODE_SHOULD = "code_should"
    GOOD_PRACTICE = "good_practice"


WEIGHT_WORDS = {
    Weight.STATUTORY: "The law says we must",
    Weight.CODE_MUST: "The national code says we must",
    Weight.CODE_SHOULD: "The national code says we should",
    Weight.GOOD_PRACTICE: "Good practice",
}


class Period(StrEnum):
    """What a document must be in force for."""

    IN_FORCE = "in_force"
    FINANCIAL_YEAR = "financial_year"
    ACADEMIC_YEAR_BY_31_MAY = "academic_year_by_31_may"


@dataclass(frozen=True, slots=True)
class EvidenceNeeded:
    """What would show that a requirement is met.

    `services` are "type:<provider type>", "category:<key>", "scope:out_of_area" or "flag:<field>";
    `fields` are names of facts on services, "practice.<question>" among them.
    """

    page: bool = False
    services: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    link: bool = False
    document: Period | None = None


@dataclass(frozen=True, slots=True)
class Requirement:
    """One thing a local offer must or should say. `key` is stable; content is bound to it."""

    key: str
    section: Section
    weight: Weight
    question: str
    summary: str
    who: str
    reference: str
    ref_verified: bool
    source: str
    evidence: EvidenceNeeded
    also: tuple[Section, ...] = ()

    @property
    def is_mandatory(self) -> bool:
        """Whether a section may not be published while it passes over this in silence."""
        return self.weight in (Weight.STATUTORY, Weight.CODE_MUST)

    @property
    def public_reference(self) -> str:
        """The citation, or nothing where nobody has checked it against the text."""
        return self.reference if self.ref_verified else ""

    @property
    def anchor(self) -> str:
        """The address of its answer within a page, "edu-provider-pru"."""
        return self.key.replace(".", "-").replace("_", "-")


REQUIREMENTS: tuple[Requirement, ...] = (
    Requirement(
        "edu.provider.early_years",
        Section.EDUCATION,
        Weight.STATUTORY,
        question="Which nurseries and childminders can help my child?",
        summary="Nurseries, childminders and other early years education providers",
        who="0-5",
        reference="SEND Regulations 2014 Sch 2 para 1(a)",
        ref_verified=True,
        source="legislation text read",
        evidence=EvidenceNeeded(
            page=True,
            services=(
                "type:early_years",
                "type:childminder",
            ),
        ),
    ),
    Requirement(
        "edu.provider.maintained_school",
        Section.EDUCATION,
        Weight.STATUTORY,
        question="Which schools are run by the council, and which have a special unit?",
        summary="Council-maintained schools, with any separate unit",
        who="school age",
        reference="SEND Regulations 2014 Sch 2 para 1(b)",
        ref_verified=True,
        source="legislation text read",
        evidence=EvidenceNeeded(services=("type:maintained_school",)),
    ),
    Requirement(
        "edu.provider.academy",
        Section.EDUCATION,
        Weight.STATUTORY,
        question="Do academies and free schools have to help too?",
        summary="Academies and free schools, with any separate unit",
        who="school age",
        reference="SEND Regulations 2014 Sch 2 para 1(c)",
        ref_verified=True,
        source="legislation text read",
        evidence=EvidenceNeeded(
            services=(
                "type:academy",
                "type:free_school",
            )
        ),
    ),
    Requirement(
        "edu.provider.nmss",
        Section.EDUCATION,
        Weight.STATUTORY,
        question="Are there any non-maintained special schools near us?",
        summary="Non-maintained special schools",
        who="school age",
        reference="SEND Regulations 2014 Sch 2 para 1(d)",
        ref_verified=True,
        source="legislation text read",
        evidence=EvidenceNeeded(services=("type:non_maintained_special",)),
    ),
    Requirement(
        "edu.provider.post16",
        Section.EDUCATION,
        Weight.STATUTORY,
        question="Where can my child study after Year 11?",
        summary="Colleges and other post-16 institutions",
        who="16-25",
        reference="SEND Regulations 2014 Sch 2 para 1(e)",
        ref_verified=True,
        source="legislation text read",
        evidence=EvidenceNeeded(
            services=(
                "type:further_education",
                "type:specialist_post16",
            )
        ),
    ),
    Requirement(
        "edu.provider.s41",
        Section.EDUCATION,
        Weight.STATUTORY,
        question="Can we ask for an independent special school?",
        summary="Independent special schools and colleges on the national approved list (section 41)",
        who="school/16-25",
        reference="SEND Regulations 2014 Sch 2 para 1(f)",
        ref_verified=True,
        source="legislation text read",
        evidence=EvidenceNeeded(services=("type:section41",)),
    ),
    Requirement(
        "edu.provider.pru",
        Section.EDUCATION,
        Weight.STATUTORY,
        question="What is a pupil referral unit?",
        summary="Pupil referral units",
        who="school age",
        reference="SEND Regulations 2014 Sch 2 para 1(g)",
        ref_verified=True,
        source="legislation text read",
        evidence=EvidenceNeeded(services=("type:pupil_referral_unit",)),
    ),
    Requirement(
        "edu.provider.commissioned",
        Section.EDUCATION,
        Weight.STATUTORY,
        question="Who else does the council pay to help children learn?",
        summary="Anyone the council pays to support children and young people with special educational needs or a disability",
        who="0-25",
        reference="SEND Regulations 2014 Sch 2 para 1(h)",
        ref_verified=True,
        source="legislation text read",
        evidence=EvidenceNeeded(services=("flag:commissioned_by_authority",)),
    ),
    Requirement(
        "edu.provision_out_of_area",
        Section.EDUCATION,
        Weight.STATUTORY,
        question="What help is there outside our area?",
        summary="The same kinds of provider outside the area, where local children and young people are expected to go",
        who="0-25",
        reference="SEND Regulations 2014 Sch 2 para 2",
        ref_verified=True,
        source="legislation text read",
        evidence=EvidenceNeeded(page=True, services=("scope:out_of_area",)),
    ),
    Requirement(
        "edu.mainstream",
        Section.EDUCATION,
        Weight.STATUTORY,
        question="What help should every school give?",
        summary="What mainstream schools and colleges provide, with help to learn and take part in lessons",
        who="SEN support + EHCP",
        reference="SEND Regulations 2014 Sch 2 para 3(a)",
        ref_verified=True,
        source="legislation text read",
        evidence=EvidenceNeeded(page=True, services=("category:mainstream_school",)),
    ),
    Requirement(
        "edu.special",
        Section.EDUCATION,
        Weight.STATUTORY,
        question="What do special schools and colleges offer?",
        summary="What special schools, specialist colleges and places on the national approved list provide",
        who="mostly EHCP",
        reference="SEND Regulations 2014 Sch 2 para 3(b)",
        ref_verified=True,
        source="legislation text read",
        evidence=EvidenceNeeded(page=True, services=("category:special_school",)),
    ),
    Requirement(
        "edu.la_secured",
        Section.EDUCATION,
        Weight.STATUTORY,
        question="What extra help does the council bring into schools?",
        summary="What the council itself arranges in mainstream schools and colleges, pupil referral units and alternative provision",
        who="5-25",
        reference="SEND Regulations 2014 Sch 2 para 3(c)",
        ref_verified=True,
        source="legislation text read",
        evidence=EvidenceNeeded(
            page=True,
            services=(
                "category:specialist_teaching",
                "category:alternative_provision",
            ),
        ),
    ),
    Requirement(
        "edu.funding",
        Section.EDUCATION,
        Weight.STATUTORY,
        question="How is extra help in school paid for?",
        summary="How the council pays for help with special educational needs, and what it agrees with schools about their own budgets",
        who="settings, parents",
        reference="SEND Regulations 2014 Sch 2 para 3(d)",
        ref_verified=True,
        source="legislation text read",
        evidence=EvidenceNeeded(page=True, document=Period.FINANCIAL_YEAR),
    ),
    Requirement(
        "edu.practice.teaching",
        Section.EDUCATION,
        Weight.STATUTORY,
        question="How do schools teach children with extra needs?",
        summary="How pupils with special educational needs are taught",
        who="SEN",
        reference="SEND Regulations 2014 Sch 2 para 5(a)",
        ref_verified=True,
        source="legislation text read",
        evidence=EvidenceNeeded(fields=("practice.teaching",)),
    ),
    Requirement(
        "edu.practice.adaptation",
        Section.EDUCATION,
        Weight.STATUTORY,
        question="How are lessons and buildings changed to suit my child?",
        summary="How curriculum and surroundings are adapted",
        who="SEN or disability",
        reference="SEND Regulations 2014 Sch 2 para 5(b)",
        ref_verified=True,
        source="legislation text read",
        evidence=EvidenceNeeded(fields=("practice.adaptation",)),
    ),
    Requirement(
        "edu.practice.learning_support",
        Section.EDUCATION,
        Weight.STATUTORY,
        question="What extra support with learning can my child get?",
        summary="Extra learning support",
        who="SEN",
        reference="SEND Regulations 2014 Sch 2 para 5(c)",
        ref_verified=True,
        source="legislation text read",
        evidence=EvidenceNeeded(fields=("practice.learning_support",)),
    ),
    Requirement(
        "edu.practice.progress",
        Section.EDUCATION,
        Weight.STATUTORY,
        question="How will I know if my child is doing well?",
        summary="How progress towards outcomes is assessed and reviewed, and how children, parents and young people take part",
        who="SEN",
        reference="SEND Regulations 2014 Sch 2 para 5(d)",
        ref_verified=True,
        source="legislation text read",
        evidence=EvidenceNeeded(fields=("practice.progress",)),
    ),
    Requirement(
        "edu.practice.effectiveness",
        Section.EDUCATION,
        Weight.STATUTORY,
        question="How do schools check that their help works?",
        summary="How the provision itself is evaluated, and how families take part",
        who="families",
        reference="SEND Regulations 2014 Sch 2 para 5(e)",
        ref_verified=True,
        source="legislation text read",
        evidence=EvidenceNeeded(fields=("practice.effectiveness",)),
    ),
    Requirement(
        "edu.practice.facilities",
        Section.EDUCATION,
        Weight.STATUTORY,
        question="Can my child get around and use everything at school?",
        summary="How existing facilities can be reached and used",
        who="SEN or disability",
        reference="SEND Regulations 2014 Sch 2 para 5(f)",
        ref_verified=True,
        source="legislation text read",
        evidence=EvidenceNeeded(fields=("practice.facilities",)),
    ),
    Requirement(
        "edu.practice.activities",
        Section.EDUCATION,
        Weight.STATUTORY,
        question="Can my child join clubs, trips and sports?",
        summary="Activities outside lessons, sport among them",
        who="SEN or disability",
        reference="SEND Regulations 2014 Sch 2 para 5(g)",
        ref_verified=True,
        source="legislation text read",
        evidence=EvidenceNeeded(fields=("practice.activities",)),
    ),
    Requirement(
        "edu.practice.support",
        Section.EDUCATION,
        Weight.STATUTORY,
        question="What kinds of support are there, from a little to a lot?",
        summary="What support there is",
        who="SEN or disability",
        reference="SEND Regulations 2014 Sch 2 para 5(h)",
        ref_verified=True,
        source="legislation text read",
        evidence=EvidenceNeeded(fields=("practice.support",)),
    ),
    Requirement(
        "edu.practice.expertise",
        Section.EDUCATION,
        Weight.STATUTORY,
        question="What training do staff have?",
        summary="How staff get the knowledge and skills they need",
        who="staff",
        reference="SEND Regulations 2014 Sch 2 para 5(i)",
        ref_verified=True,
        source="legislation text read",
        evidence=EvidenceNeeded(fields=("practice.expertise",)),
    ),
    Requirement(
        "edu.practice.wellbeing",
        Section.EDUCATION,
        Weight.STATUTORY,
        question="How do schools look after feelings and friendships?",
        summary="How feelings, mental health and friendships are supported, with listening and action against bullying",
        who="SEN or disability",
        reference="SEND Regulations 2014 Sch 2 para 5(j)",
        ref_verified=True,
        source="legislation text read",
        evidence=EvidenceNeeded(fields=("practice.wellbeing",)),
    ),
    Requirement(
        "edu.arrangements.identify",
        Section.EDUCATION,
        Weight.CODE_SHOULD,
        question="How do schools and nurseries spot that a child needs help?",
        summary="How providers spot a particular child's needs",
        who="0-25",
        reference="Children and Families Act 2014 s.30(2)(a)",
        ref_verified=False,
        source="2013 draft Code of Practice 5.2 or contents",
        evidence=EvidenceNeeded(page=True),
    ),
    Requirement(
        "edu.arrangements.consult",
        Section.EDUCATION,
        Weight.CODE_SHOULD,
        question="How should schools listen to us?",
        summary="How providers consult parents and young people",
        who="families",
        reference="Children and Families Act 2014 s.30(2)(a)",
        ref_verified=False,
        source="2013 draft Code of Practice 5.2 or contents",
        evidence=EvidenceNeeded(page=True),
    ),
    Requirement(
        "edu.arrangements.secure",
        Section.EDUCATION,
        Weight.CODE_SHOULD,
        question="How do schools and colleges get the services and equipment they need?",
        summary="How they obtain services, provision and equipment",
        who="0-25",
        reference="Children and Families Act 2014 s.30(2)(a)",
        ref_verified=False,
        source="2013 draft Code of Practice 5.2 or contents",
        evidence=EvidenceNeeded(page=True),
    ),
    Requirement(
        "edu.arrangements.transition",
        Section.EDUCATION,
        Weight.CODE_MUST,
        question="How do we get ready for a change of school or stage?",
        summary="Support when moving between phases and towards adulthood",
        who="0-25",
        reference="Children and Families Act 2014 s.30(2)(a)",
        ref_verified=False,
        source="2013 draft Code of Practice 5.2 or contents",
        also=(Section.ADULTHOOD,),
        evidence=EvidenceNeeded(page=True),
    ),
    Requirement(
        "edu.sen_reports",
        Section.EDUCATION,
        Weight.CODE_MUST,
        question="Where can I read how each school helps?",
        summary="Where to read more about each school or college, with its own report on special educational needs",
        who="families",
        reference="Children and Families Act 2014 s.30(2)(a)",
        ref_verified=False,
        source="2013 draft Code of Practice 5.2 (a must)",
        evidence=EvidenceNeeded(page=True, fields=("sen_information_report_url",)),
    ),
    Requirement(
        "edu.accessibility_strategy",
        Section.EDUCATION,
        Weight.STATUTORY,
        question="What is the council's plan to open up schools to disabled pupils?",
        summary="Where to read the council's strategy to open up schools to disabled pupils",
        who="disabled pupils",
        reference="Equality Act 2010 Sch 10",
        ref_verified=True,
        source="legislation text read",
        evidence=EvidenceNeeded(link=True, document=Period.IN_FORCE),
    ),
    Requirement(
        "edu.s41_list",
        Section.EDUCATION,
        Weight.CODE_SHOULD,
        question="Where is the national list of approved independent schools?",
        summary="Where to find the national list of approved independent places (section 41)",
        who="EHCP",
        reference="Children and Families Act 2014 s.30(2)(a)",
        ref_verified=False,
        source="2013 draft Code of Practice 5.2 or contents",
        evidence=EvidenceNeeded(link=True),
    ),
    Requirement(
        "how.identify_assess",
        Section.ACCESS,
        Weight.CODE_MUST,
        question="How do I ask for an education, health and care assessment?",
        summary="How the council spots special educational needs, and how to ask for an education, health and care needs assessment: who can ask, who decides, how long it takes",
        who="0-25",
        reference="Children and Families Act 2014 s.30(8)",
        ref_verified=False,
        source="2013 draft Code of Practice 5.2 (a must)",
        evidence=EvidenceNeeded(page=True, services=("category:ehc_assessment_help",)),
    ),
    Requirement(
        "how.personal_budgets",
        Section.ACCESS,
        Weight.CODE_SHOULD,
        question="Can we choose how the money is spent?",
        summary="Personal budgets and direct payments",
        who="EHCP",
        reference="Children and Families Act 2014 s.30(8)",
        ref_verified=False,
        source="2013 draft Code of Practice 5.2 or contents",
        evidence=EvidenceNeeded(page=True, services=("category:direct_payments",)),
    ),
    Requirement(
        "edu.other",
        Section.EDUCATION,
        Weight.STATUTORY,
        question="What other learning is there, like sport, art and music?",
        summary="Other educational provision, e.g. sports, arts",
        who="0-25",
        reference="Children and Families Act 2014 s.30(2)(b)",
        ref_verified=True,
        source="legislation text read",
        evidence=EvidenceNeeded(services=("category:arts_and_sports_education",)),
    ),
    Requirement(
        "pfa.training",
        Section.ADULTHOOD,
        Weight.STATUTORY,
        question="How do supported internships and apprenticeships work?",
        summary="Training after 16, such as apprenticeships and supported internships: how to apply, entry rules, age limits and extra help",
        who="16-25",
        reference="Children and Families Act 2014 s.30(2)(c)",
        ref_verified=True,
        source="legislation text read",
        also=(Section.EDUCATION,),
        evidence=EvidenceNeeded(
            page=True,
            services=(
                "category:apprenticeship",
                "category:supported_internship",
            ),
        ),
    ),
    Requirement(
        "health.therapies",
        Section.HEALTH,
        Weight.STATUTORY,
        question="How do we get speech therapy, physio, occupational therapy or help with mental health?",
        summary="Speech and language, physiotherapy, occupational and other therapies, and mental health",
        who="0-25",
        reference="Children and Families Act 2014 s.30(2)(a)",
        ref_verified=True,
        source="legislation text read",
        evidence=EvidenceNeeded(
            page=True,
            services=(
                "category:speech_and_language_therapy",
                "category:occupational_therapy",
                "category:physiotherapy",
                "category:mental_health",
            ),
        ),
    ),
    Requirement(
        "health.settings_medical",
        Section.HEALTH,
        Weight.CODE_SHOULD,
        question="Who helps schools to look after a child with a medical condition?",
        summary="Health help for schools and nurseries that support children with medical conditions",
        who="settings",
        reference="Children and Families Act 2014 s.30(2)(a)",
        ref_verified=False,
        source="2013 draft Code of Practice 5.2 or contents",
        evidence=EvidenceNeeded(page=True, services=("category:medical_needs_in_school",)),
    ),
    Requirement(
        "health.equipment_nursing",
        Section.HEALTH,
        Weight.CODE_SHOULD,
        question="How do we get a wheelchair, equipment, nursing or continence help?",
        summary="Wheelchairs, community equipment, children's community nursing, Portage, continence",
        who="0-25",
        reference="Children and Families Act 2014 s.30(2)(a)",
        ref_verified=False,
        source="2013 draft Code of Practice 5.2 or contents",
        evidence=EvidenceNeeded(
            page=True,
            services=(
                "category:wheelchair_and_equipment",
                "category:community_nursing",
                "category:continence",
            ),
        ),
    ),
    Requirement(
        "health.complex",
        Section.HEALTH,
        Weight.CODE_SHOULD,
        question="What help is there if my child is very ill or may not live long?",
        summary="Palliative, respite and complex health",
        who="complex needs",
        reference="Children and Families Act 2014 s.30(2)(a)",
        ref_verified=False,
        source="2013 draft Code of Practice 5.2 or contents",
        evidence=EvidenceNeeded(page=True, services=("category:palliative_and_respite",)),
    ),
    Requirement(
        "health.urgent",
        Section.HEALTH,
        Weight.CODE_SHOULD,
        question="Who do we call in an emergency?",
        summary="Emergency and other services",
        who="all",
        reference="Children and Families Act 2014 s.30(2)(a)",
        ref_verified=False,
        source="2013 draft Code of Practice 5.2 or contents",
        evidence=EvidenceNeeded(page=True),
    ),
    Requirement(
        "health.continuing_care",
        Section.HEALTH,
        Weight.CODE_SHOULD,
        question="What is continuing care, and how does it fit with a plan?",
        summary="Continuing care, and how it fits with an education, health and care plan",
        who="complex",
        reference="Children and Families Act 2014 s.30(2)(a)",
        ref_verified=False,
        source="2013 draft Code of Practice 5.2 or contents",
        evidence=EvidenceNeeded(page=True),
    ),
    Requirement(
        "health.to_adult",
        Section.HEALTH,
        Weight.CODE_SHOULD,
        question="How do we move from children's to adult health services?",
        summary="Moving from child to adult health services",
        who="14-25",
        reference="Children and Families Act 2014 s.30(2)(a)",
        ref_verified=False,
        source="2013 draft Code of Practice 5.2 or contents",
        also=(Section.ADULTHOOD,),
        evidence=EvidenceNeeded(page=True, services=("category:moving_to_adult_health",)),
    ),
    Requirement(
        "health.mainstream_access",
        Section.HEALTH,
        Weight.GOOD_PRACTICE,
        question="How do doctors, dentists and opticians help children with extra needs?",
        summary="How everyday health services are made easier to use for children with extra needs",
        who="all",
        reference="Children and Families Act 2014 s.30(2)(a)",
        ref_verified=False,
        source="not confirmed in a primary source",
        evidence=EvidenceNeeded(page=True),
    ),
    Requirement(
        "social.s17",
        Section.SOCIAL_CARE,
        Weight.CODE_SHOULD,
        question="Can a social worker help our family?",
        summary="Help for children in need, disabled children among them",
        who="0-18",
        reference="Children Act 1989 s.17",
        ref_verified=False,
        source="2013 draft Code of Practice 5.2 or contents",
        evidence=EvidenceNeeded(page=True, services=("category:social_work",)),
    ),
    Requirement(
        "social.short_breaks",
        Section.SOCIAL_CARE,
        Weight.CODE_MUST,
        question="How can we get a short break?",
        summary="Short breaks and the short breaks services statement",
        who="carers of disabled children",
        reference="Breaks for Carers of Disabled Children Regulations 2011",
        ref_verified=False,
        source="2013 draft Code of Practice 5.2 (a must)",
        evidence=EvidenceNeeded(
            page=True, services=("category:short_breaks",), link=True, document=Period.IN_FORCE
        ),
    ),
    Requirement(
        "social.childcare",
        Section.SOCIAL_CARE,
        Weight.CODE_MUST,
        question="Where can I find childcare that suits my child?",
        summary="Childcare, with childcare that suits disabled children",
        who="0-18",
        reference="Children and Families Act 2014 s.30(2)(a)",
        ref_verified=False,
        source="2013 draft Code of Practice 5.2 (a must)",
        also=(Section.EDUCATION,),
        evidence=EvidenceNeeded(services=("category:childcare",)),
    ),
    Requirement(
        "social.leisure",
        Section.SOCIAL_CARE,
        Weight.CODE_MUST,
        question="What is there to do for fun?",
        summary="Leisure activities",
        who="0-25",
        reference="Children and Families Act 2014 s.30(2)(a)",
        ref_verified=False,
        source="2013 draft Code of Practice 5.2 (a must)",
        evidence=EvidenceNeeded(services=("category:leisure_and_play",)),
    ),
    Requirement(
        "social.to_adult",
        Section.SOCIAL_CARE,
        Weight.CODE_SHOULD,
        question="What happens with social care when my child turns 18?",
        summary="Moving to adult social care: how and when",
        who="14-25",
        reference="Children and Families Act 2014 s.30(2)(a)",
        ref_verified=False,
        source="2013 draft Code of Practice 5.2 or contents",
        also=(Section.ADULTHOOD,),
        evidence=EvidenceNeeded(page=True, services=("category:moving_to_adult_care",)),
    ),
    Requirement(
        "social.independent_living",
        Section.SOCIAL_CARE,
        Weight.STATUTORY,
        question="How can a young person live more on their own?",
        summary="Living independently, finding accommodation",
        who="16-25",
        reference="Children and Families Act 2014 s.30(2)(a)",
        ref_verified=True,
        source="legislation text read",
        also=(Section.ADULTHOOD,),
        evidence=EvidenceNeeded(page=True, services=("category:independent_living",)),
    ),
    Requirement(
        "social.adult_info",
        Section.SOCIAL_CARE,
        Weight.CODE_SHOULD,
        question="Where can I find out about adult care?",
        summary="Where to find information and advice about adult care",
        who="18+",
        reference="Care Act 2014",
        ref_verified=False,
        source="2013 draft Code of Practice 5.2 or contents",
        evidence=EvidenceNeeded(link=True),
    ),
    Requirement(
        "transport.arrangements",
        Section.TRANSPORT,
        Weight.STATUTORY,
        question="How can my child get to school, nursery or college?",
        summary="Travel to and from schools, post-16 places and early years education",
        who="0-25",
        reference="Children and Families Act 2014 s.30(2)(d)",
        ref_verified=True,
        source="legislation text read",
        evidence=EvidenceNeeded(page=True, services=("category:school_transport",)),
    ),
    Requirement(
        "transport.specialised",
        Section.TRANSPORT,
        Weight.CODE_SHOULD,
        question="What if my child needs a special bus or an escort?",
        summary="Specialised transport (adapted buses, escorts)",
        who="SEND",
        reference="Children and Families Act 2014 s.30(2)(d)",
        ref_verified=False,
        source="2013 draft Code of Practice 5.2 or contents",
        evidence=EvidenceNeeded(page=True, services=("category:community_transport",)),
    ),
    Requirement(
        "transport.costs",
        Section.TRANSPORT,
        Weight.CODE_SHOULD,
        question="Can we get help with the cost of travel?",
        summary="Help with cost, free/subsidised, from LA or others",
        who="families",
        reference="Children and Families Act 2014 s.30(2)(d)",
        ref_verified=False,
        source="2013 draft Code of Practice 5.2 or contents",
        evidence=EvidenceNeeded(page=True, services=("category:travel_costs",)),
    ),
    Requirement(
        "transport.using",
        Section.TRANSPORT,
        Weight.CODE_SHOULD,
        question="Can someone teach my child to use the bus?",
        summary="Help to use public transport; travel training",
        who="11-25",
        reference="Children and Families Act 2014 s.30(2)(d)",
        ref_verified=False,
        source="2013 draft Code of Practice 5.2 or contents",
        evidence=EvidenceNeeded(page=True, services=("category:travel_training",)),
    ),
    Requirement(
        "transport.policy_school",
        Section.TRANSPORT,
        Weight.CODE_SHOULD,
        question="What are the rules for free school travel from 5 to 16?",
        summary="The travel policy for school age",
        who="5-16",
        reference="Education Act 1996 ss.508B-508C",
        ref_verified=False,
        source="2013 draft Code of Practice 5.2 or contents",
        evidence=EvidenceNeeded(link=True, document=Period.IN_FORCE),
    ),
    Requirement(
        "transport.policy_post16",
        Section.TRANSPORT,
        Weight.STATUTORY,
        question="What travel help is there after 16?",
        summary="Post-16 transport policy statement, each academic year",
        who="16-19",
        reference="Education Act 1996 s.509AA",
        ref_verified=True,
        source="legislation text read",
        evidence=EvidenceNeeded(link=True, document=Period.ACADEMIC_YEAR_BY_31_MAY),
    ),
    Requirement(
        "transport.policy_19_25",
        Section.TRANSPORT,
        Weight.GOOD_PRACTICE,
        question="What travel help is there from 19 to 25?",
        summary="The travel statement for adult learners with a plan, aged 19 to 24",
        who="19-25",
        reference="Education Act 1996 ss.508F-508G",
        ref_verified=False,
        source="not confirmed in a primary source",
        evidence=EvidenceNeeded(link=True, document=Period.ACADEMIC_YEAR_BY_31_MAY),
    ),
    Requirement(
        "pfa.employment",
        Section.ADULTHOOD,
        Weight.STATUTORY,
        question="How can I find a job and keep it?",
        summary="Finding and keeping work: job coaches, supported internships, careers help, help with money, and starting a business",
        who="13-25",
        reference="Children and Families Act 2014 s.30(3)(a)",
        ref_verified=True,
        source="legislation text read",
        evidence=EvidenceNeeded(
            page=True,
            services=(
                "category:employment_support",
                "category:careers_advice",
            ),
        ),
    ),
    Requirement(
        "pfa.accommodation",
        Section.ADULTHOOD,
        Weight.STATUTORY,
        question="How can I find somewhere to live?",
        summary="Finding somewhere to live",
        who="16-25",
        reference="Children and Families Act 2014 s.30(3)(b)",
        ref_verified=True,
        source="legislation text read",
        evidence=EvidenceNeeded(page=True, services=("category:independent_living",)),
    ),
    Requirement(
        "pfa.society",
        Section.ADULTHOOD,
        Weight.STATUTORY,
        question="How can I make friends and have my say?",
        summary="Friends, social life, community, influencing decisions",
        who="14-25",
        reference="Children and Families Act 2014 s.30(3)(c)",
        ref_verified=True,
        source="legislation text read",
        evidence=EvidenceNeeded(page=True, services=("category:friendships_and_community",)),
    ),
    Requirement(
        "pfa.higher_education",
        Section.ADULTHOOD,
        Weight.CODE_MUST,
        question="What help can I get at university?",
        summary="Support at university, and how and when to get Disabled Students' Allowance",
        who="17-25",
        reference="Children and Families Act 2014 s.30(2)(e)",
        ref_verified=False,
        source="2013 draft Code of Practice 5.2 (a must)",
        also=(Section.EDUCATION,),
        evidence=EvidenceNeeded(page=True, services=("category:higher_education_support",), link=True),
    ),
    Requirement(
        "adv.sources",
        Section.ADVICE,
        Weight.STATUTORY,
        question="Where can we get free advice?",
        summary="Where to get information, advice and support: the free advice service, the parent carer forum, support groups and who to ask",
        who="families",
        reference="SEND Regulations 2014 Sch 2 para 15",
        ref_verified=True,
        source="paragraph number and subject from a published legal guide; wording not read",
        evidence=EvidenceNeeded(
            page=True,
            services=(
                "category:information_advice_support",
                "category:parent_carer_forum",
                "category:support_group",
            ),
        ),
    ),
    Requirement(
        "how.eligibility",
        Section.ACCESS,
        Weight.CODE_MUST,
        question="Who can use each service, and who decides?",
        summary="For each service: who it is for, how to get it, criteria, who decides and how",
        who="all",
        reference="Children and Families Act 2014 s.30(8)",
        ref_verified=False,
        source="2013 draft Code of Practice 5.2 (a must)",
        evidence=EvidenceNeeded(
            fields=(
                "eligibility",
                "how_to_access",
                "who_decides",
            )
        ),
    ),
    Requirement(
        "redress.complaints",
        Section.REDRESS,
        Weight.STATUTORY,
        question="How do I complain?",
        summary="How to complain about any provision in the offer (education, health, social care separately)",
        who="families",
        reference="SEND Regulations 2014 Sch 2 para 17",
        ref_verified=True,
        source="paragraph number and subject from a published legal guide; wording not read",
        evidence=EvidenceNeeded(page=True, services=("category:complaints",)),
    ),
    Requirement(
        "redress.disagreement",
        Section.REDRESS,
        Weight.CODE_MUST,
        question="What if we cannot agree with the school or the council?",
        summary="Independent disagreement-resolution service",
        who="families",
        reference="Children and Families Act 2014 s.30(8)",
        ref_verified=False,
        source="2013 draft Code of Practice 5.2 (a must)",
        evidence=EvidenceNeeded(page=True, services=("category:disagreement_resolution",)),
    ),
    Requirement(
        "redress.mediation",
        Section.REDRESS,
        Weight.CODE_MUST,
        question="What is mediation, and do I have to do it?",
        summary="Mediation (education, health, care)",
        who="EHCP",
        reference="Children and Families Act 2014 s.30(8)",
        ref_verified=False,
        source="2013 draft Code of Practice 5.2 (a must)",
        evidence=EvidenceNeeded(page=True, services=("category:mediation",)),
    ),
    Requirement(
        "redress.appeal",
        Section.REDRESS,
        Weight.CODE_MUST,
        question="How do I appeal to the SEND Tribunal?",
        summary="The right to appeal to the Tribunal, and claims about disability discrimination",
        who="EHCP/ all",
        reference="Children and Families Act 2014 s.30(8)",
        ref_verified=False,
        source="2013 draft Code of Practice 5.2 (a must)",
        evidence=EvidenceNeeded(page=True, services=("category:tribunal_appeal",), link=True),
    ),
    Requirement(
        "redress.ombudsman_nhs",
        Section.REDRESS,
        Weight.CODE_SHOULD,
        question="Who can look at my complaint if I am still unhappy?",
        summary="NHS complaints and Healthwatch, social care complaints; the two ombudsmen (good practice)",
        who="families",
        reference="Children and Families Act 2014 s.30(8)",
        ref_verified=False,
        source="2013 draft Code of Practice 5.2 or contents",
        evidence=EvidenceNeeded(page=True, services=("category:ombudsman",)),
    ),
)

_BY_KEY = {requirement.key: requirement for requirement in REQUIREMENTS}


def get_requirement(key: str) -> Requirement:
    """The requirement of that key. Raises KeyError."""
    return _BY_KEY[key]


def is_requirement(key: str) -> bool:
    return key in _BY_KEY


def for_section(section: Section) -> tuple[Requirement, ...]:
    """The requirements that a section's own page must answer, in the law's order."""
    return tuple(r for r in REQUIREMENTS if r.section == section)
