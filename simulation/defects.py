"""The data defects that an unclean trial carries: the table of kinds with their rates, and the notes of each.

What belongs here: which defects exist, how often, which rule must find each, and the record of one that
was planted. What does not: how a row is spoiled (planting.py), and defects of whole files
(file_defects.py).

A subject carries at most one kind, so that each can be found on its own. A rate is the share of
subjects that get the kind, where they have a record fit for it. So that a small trial shows every
kind too, each is planted at least once as far as there are subjects: from a site that depends on
the kind alone, the first subject fit for it gets it. Two kinds also happen by themselves in the
course of an unclean trial, and are noted in the same way: a missed infusion, a steroid increase.
docs/simulation.md shows this table.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import Any

from simulation.draws import pick
from simulation.rates import CHANGES_WITHOUT_DEFECT
from simulation.records import Row

SITES_THAT_SHARE_THE_KINDS = 10


@dataclass(frozen=True)
class Kind:
    """One kind of defect: the rule that must find it, the share of subjects that carry it, and what stands there."""

    name: str
    rule: str
    rate: float
    meaning: str


KINDS = (
    Kind("key part blank", "VAL01", 0.006, "the visit of a laboratory result is empty"),
    Kind("sex not in the codelist", "VAL02", 0.004, "Female instead of F"),
    Kind("grade not in the codelist", "VAL02", 0.006, "a BILAG grade F"),
    Kind("visit label not in the codelist", "VAL02", 0.004, "WEEK 8 instead of W8 on a vital sign"),
    Kind("number with its unit in the cell", "VAL03", 0.008, "a temperature of 36.8 C"),
    Kind("day that the calendar lacks", "VAL04", 0.005, "a visit on 30 February"),
    Kind("date written the local way", "VAL04", 0.005, "a visit on 21/11/2025"),
    Kind("month without a day", "VAL05", 0.008, "a BILAG assessment dated 2025-11"),
    Kind("unit nobody knows", "VAL06", 0.008, "C3 in arb. units"),
    Kind("row twice", "VAL07", 0.008, "a laboratory result delivered twice"),
    Kind("two answers to one question", "VAL07", 0.006, "two PGA values for one visit"),
    Kind("subject not in dm", "VAL08", 0.005, "a vital sign under an id that nobody has"),
    Kind("consent after screening", "ELI02", 0.006, "informed consent 2 to 6 days after the screening visit"),
    Kind("visit missed without a reason", "VIS01", 0.006, "a visit not done, its reason left blank"),
    Kind("visit outside its window", "VIS02", 0.020, "2 to 5 days later than the window allows"),
    Kind("visit before the one before it", "VIS03", 0.006, "dated two days before the visit that comes first"),
    Kind("two visits on one date", "VIS04", 0.006, "a visit dated on the day of the one before"),
    Kind("assessment off its visit", "VIS05", 0.010, "a PGA dated 5 days before its visit"),
    Kind("date in the future", "VIS06", 0.006, "a temperature taken ten years later"),
    Kind("date before birth", "VIS06", 0.004, "the diagnosis in the year before birth"),
    Kind("medication ends before it starts", "VIS07", 0.006, "an end 40 days before the start"),
    Kind("infusion ends before it starts", "VIS07", 0.006, "an end on the day before"),
    Kind("first infusion without a day", "DOS00", 0.005, "the infusion at D0 dated 2025-11: the subject is held"),
    Kind(
        "first infusion recorded elsewhere",
        "DOS00",
        0.003,
        "the infusion at D0 under the label UNS: the subject is held",
    ),
    Kind("dose off the plan", "DOS01", 0.010, "a fifth too much"),
    Kind("dose ten times too high", "DOS02", 0.006, "a slipped decimal point"),
    Kind("no weight before the first infusion", "DOS03", 0.006, "neither at screening nor at D0"),
    Kind("infusion outside its window", "DOS04", 0.012, "15 days after its visit"),
    Kind("infusion missed between two", "DOS05", 0.012, "more than 42 days between two infusions"),
    Kind("infusion much too short", "DOS06", 0.008, "20 minutes, and nothing recorded that explains it"),
    Kind("infusion without a dose", "DOS07", 0.006, "recorded as given, the dose left blank"),
    Kind("dose of an infusion not given", "DOS07", 0.004, "recorded as not given, with its dose"),
    Kind("a vial too few", "DOS08", 0.008, "one small vial less than the dose needs"),
    Kind("infusion without a record", "DOS09", 0.006, "the visit is recorded, its infusion isn't"),
    Kind("weight slipped", "DOS10", 0.006, "three tenths more than measured"),
    Kind("weights left out", "DOS11", 0.006, "none in the four weeks up to an infusion"),
    Kind("no global assessment at baseline", "EFF01", 0.006, "no PGA at screening or D0"),
    Kind("total differs from the items", "EFF02", 0.015, "the site's SLEDAI-2K total is 2 too high"),
    Kind("item unanswered", "EFF03", 0.015, "mucosal ulcers left blank"),
    Kind("grade left out", "EFF04", 0.012, "the cardiorespiratory BILAG grade left blank"),
    Kind("assessment off its scale", "EFF05", 0.006, "a PGA a tenth beyond the end of the scale"),
    Kind("scale changes", "EFF05", 0.006, "one PGA under another scale than the site's"),
    Kind("prohibited medication", "MED01", 0.010, "an immunosuppressant not taken before, from week 12 on"),
    Kind("steroid increase", "MED02", 0.010, "a dose above the limit from day 168 on"),
    Kind("steroid without a dose", "MED03", 0.008, "the daily steroid without its dose"),
    Kind("steroid nobody knows", "MED03", 0.004, "STEROID TABLETS instead of a name"),
    Kind("medication without an end", "MED04", 0.015, "not marked ongoing, and without an end date"),
    Kind("no date of consent", "ELI01", 0.004, "informed consent without a date"),
    Kind("three criteria of four", "ELI03", 0.004, "three ACR criteria met, the others answered with N"),
    Kind("second end of study", "DSP01", 0.005, "another end of study on the same day"),
    Kind("end of study before an infusion", "DSP02", 0.005, "the end of study 3 days before the last infusion"),
    Kind("fatal event of the living", "DSP03", 0.005, "an event that is over recorded as fatal"),
    Kind("withdrawn without an end", "DSP04", 0.005, "the study drug withdrawn for an event, and no end of anything"),
    Kind("death before a visit", "DSP05", 0.004, "an end of study by death 2 days before the last visit"),
    Kind("eighteen years old", "ELI04", 0.003, "an age of 18"),
    Kind("not active at baseline", "ELI05", 0.004, "SLEDAI-2K below 6 at the first infusion"),
    Kind("exclusion met", "ELI06", 0.004, "other significant illness answered with Y"),
    Kind("criterion unanswered", "ELI06", 0.004, "no answer to the criterion of suppressive therapy"),
    Kind("immunoglobulin too low", "ELI07", 0.004, "IgG of 3.9 g/L at screening"),
    Kind("hepatitis B core antibody", "ELI08", 0.004, "HBcAb positive at screening"),
    Kind("infection in hospital", "ELI09", 0.004, "pneumonia in hospital 50 days before the first infusion"),
    Kind("malignancy of a year", "ELI09", 0.003, "in the year in which the look-back begins, without a day"),
    Kind("antibiotic by vein", "ELI10", 0.004, "ceftriaxone 45 days before the first infusion"),
    Kind("rituximab before", "ELI10", 0.003, "300 days before the first infusion"),
    Kind("immunodeficiency denied", "ELI11", 0.004, "in the history, while the criterion is answered with N"),
    Kind("steroid without a route", "MED03", 0.004, "the daily steroid without its route"),
    Kind("never involved after all", "EFF06", 0.004, "a BILAG grade E for a system graded otherwise before"),
    Kind("item without its laboratory", "EFF07", 0.006, "thrombocytopenia answered 1 with normal platelets"),
    Kind("component of another day", "EFF08", 0.005, "a PGA dated 9 days before the visit"),
    Kind("no global assessment at week 48", "EFF09", 0.006, "no PGA in the window of week 48"),
    Kind("laboratory without its item", "EFF10", 0.006, "DNA binding answered 0 with anti-dsDNA above its limit"),
    Kind("limit of normal left out", "LAB01", 0.006, "a C3 without its lower limit"),
    Kind("limits the wrong way round", "LAB01", 0.004, "the limits of platelets exchanged"),
    Kind("unit changes", "LAB02", 0.006, "one C3 in another unit than the others"),
    Kind("pressure ten times too high", "VAL09", 0.006, "a slipped decimal point in a diastolic pressure"),
    Kind("blanks around a name", "VAL10", 0.005, "a blank before and after the name of a medication"),
    Kind("letter lost on the way", "VAL10", 0.004, "a replacement character in an indication"),
)

RULES = {kind.name: kind.rule for kind in KINDS}
HIDE_DAY_ZERO = {kind.name for kind in KINDS if kind.rule == "DOS00"}


@dataclass(frozen=True)
class Defect:
    """One defect as it stands in the deliveries."""

    form: str
    row: Row
    field: str
    kind: str
    right: list[Any] | None = None
    """What the row said before, where that can be put back by a correction."""

    @property
    def rule(self) -> str:
        """The rule that must find it."""
        return RULES[self.kind]


class Plan:
    """What is to go wrong with one subject, and what did."""

    def __init__(self, clean: bool, kind: str | None) -> None:
        self.clean = clean
        self.kind = kind
        self.noted: list[Defect] = []

    def note(self, kind: str, form: str, row: Row | None, field: str) -> None:
        """Write down a defect that the subject's rows now hold."""
        if row is not None and (self.kind not in HIDE_DAY_ZERO or kind == self.kind):
            self.noted.append(Defect(form, row, field, kind))

    def planted(self, day: int) -> bool:
        """Whether a delivery of this day shows the kind meant for this subject."""
        return any(defect.kind == self.kind and defect.row.shown(day) for defect in self.noted)


class Dealer:
    """Deals the kinds to subjects, by their rates, and every kind at least once."""

    def __init__(self, clean: bool, sites: int) -> None:
        self.clean = clean
        shared = min(sites, SITES_THAT_SHARE_THE_KINDS)
        self.due_from = {kind.name: 1 + position % shared for position, kind in enumerate(KINDS)}
        self.rates: dict[str | None, float] = {kind.name: kind.rate for kind in KINDS}
        self.changes_due = {rate.name for rate in CHANGES_WITHOUT_DEFECT}
        self.rates[None] = 1.0 - sum(kind.rate for kind in KINDS)

    def deal(self, random: Random, site: int) -> Plan:
        """The plan of the next subject of a site."""
        drawn = pick(random, self.rates)
        if self.clean:
            return Plan(clean=True, kind=None)
        owed = next(self.owed(site), None)
        return Plan(clean=False, kind=owed or drawn)

    def owed(self, site: int) -> Iterator[str]:
        """Kinds that are still to be planted and whose turn has come."""
        return (name for name, first_site in self.due_from.items() if first_site <= site)

    def settle(self, plan: Plan, last_day: int) -> None:
        """Strike a kind off once it is planted."""
        if plan.kind is not None and plan.planted(last_day):
            self.due_from.pop(plan.kind, None)
