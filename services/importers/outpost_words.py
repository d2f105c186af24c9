"""Outpost's own words in ours: its suitabilities and access facts (folded to lower case). Pure."""

# Blank is "leave it out": it is no need of a child, or we have no word for it.
NEEDS = {
    "autism": "ASD",
    "hearing impairment": "HI",
    "visual impairment": "VI",
    "visual and / or hearing impediment": "MSI",
    "mobility": "PD",
    "physical disabilities": "PD",
    "cognitive": "MLD",
    "learning difficulties": "MLD",
    "mental health/acquired brain injury": "SEMH",
    "mental health": "SEMH",
    "older people": "",
    "dementia": "",
}
ACCESS = {
    "accessible toilet facilities": "accessible_toilet",
    "hearing loop": "hearing_loop",
    "car parking": "parking",
    "disabled car parking space": "parking",
    "parking nearby": "parking",
    "changing facilities": "changing_places",
    "british sign language (bsl)": "bsl",
    "hoist": "hoist",
    "building has lift": "lift",
    "wheelchair accessible entrance": "step_free",
    "baby changing facilities": "",
    "bus stop nearby": "",
    "partial wheelchair access": "",
}
