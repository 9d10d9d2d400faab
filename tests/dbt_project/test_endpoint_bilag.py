"""The BILAG component: what is a new A or B, and what missing grades leave open.

Grades stand in the protocol's order (constitutional ... haematological); `-` is a missing grade. SLEDAI-2K and PGA do
not matter here, so they are not assessed after baseline.
"""

from __future__ import annotations

import itertools
import random

import pytest

from tests.dbt_project.endpoint_tables import endpoint_subject
from tests.dbt_project.subject_tables import expected
from tests.dbt_project.written_trial import Derived

ADSRI = "candidate.analysis.adsri"
DAYS = {2: 14, 4: 28, 8: 56, 12: 84, 16: 112, 20: 140, 24: 168, 28: 196, 32: 224, 36: 252, 40: 280, 44: 308, 48: 336}


def bilag_subject(siteid: str, baseline: str, visits: dict[int, str]) -> str:
    """A subject with this baseline record and these records, by week."""
    activity = "\n".join(f"{DAYS[week]}  W{week}  .  {grades}  ." for week, grades in visits.items())
    return endpoint_subject(siteid, activity, baseline=f"0  D0  9+12+15  {baseline}  1.5")


# One system alone (the last): its grade at baseline against its grade at weeks 2 (A) to 20 (missing). All others are D.
# The rest of the row: is the component met, alone and beside one known new B in the first system.
ONE_SYSTEM = """
baseline  A  B  C  D  E  -
A         Y  Y  Y  Y  Y  Y
B         N  Y  Y  Y  Y  .
C         N  Y  Y  Y  Y  .
D         N  Y  Y  Y  Y  .
E         N  Y  Y  Y  Y  .
-         .  Y  Y  Y  Y  .
"""
BESIDE_ONE_NEW_B = """
baseline  A  B  C  D  E  -
A         Y  Y  Y  Y  Y  Y
B         N  Y  Y  Y  Y  .
C         N  N  Y  Y  Y  .
D         N  N  Y  Y  Y  .
E         N  N  Y  Y  Y  .
-         .  .  Y  Y  Y  .
"""
GRADES = "ABCDE-"
ALONE = {
    grade: bilag_subject(
        f"ALONE{grade}", "DDDDDDDD" + grade, {week: "DDDDDDDD" + now for week, now in zip(DAYS, GRADES, strict=False)}
    )
    for grade in GRADES
}
BESIDE = {
    grade: bilag_subject(
        f"BESIDE{grade}", "DDDDDDDD" + grade, {week: "BDDDDDDD" + now for week, now in zip(DAYS, GRADES, strict=False)}
    )
    for grade in GRADES
}


@pytest.mark.parametrize("grade", GRADES)
def test_one_system_alone(endpoint: Derived, grade: str) -> None:
    line = next(row for row in expected(ONE_SYSTEM) if row[0] == grade)
    assert [row[0] for row in endpoint.rows(ADSRI, ALONE[grade], "bilfl", "avisitn <= 20")] == line[1:]


@pytest.mark.parametrize("grade", GRADES)
def test_one_system_beside_one_new_b(endpoint: Derived, grade: str) -> None:
    line = next(row for row in expected(BESIDE_ONE_NEW_B) if row[0] == grade)
    assert [row[0] for row in endpoint.rows(ADSRI, BESIDE[grade], "bilfl", "avisitn <= 20")] == line[1:]


COUNTED = bilag_subject(
    "COUNTED",
    "ABCDE-DDD",
    {
        2: "BADBADDDD",  # A to B is an improvement; B to A, E to A are new As, D to B a new B
        4: "AABBBBDDD",  # B to A new; C, D, E to B new; unknown to B not counted
        8: "----BADDD",  # E to B new; unknown to A not counted
        12: "ABCDEDDDD",  # as at baseline
        16: "CCBDDDBDD",  # two new Bs in different systems
    },
)
OPEN_GAPS = bilag_subject(
    "OPENGAPS",
    "A--DDDDDD",
    {
        2: "-DDDDDDDD",  # missing now where baseline was A: can't be new
        4: "DBDDDDDDD",  # one open new B on top of none: still allowed
        8: "DBBDDDDDD",  # two open new Bs: depends
        12: "DBDBDDDDD",  # an open and a known new B: depends
        16: "DBDBBDDDD",  # two known new Bs: fails whatever the open one is
        20: "DADADDDDD",  # a known new A: fails whatever the open one is
        24: "DADDDDDDD",  # an open new A: depends
        28: "BDDD-DDDD",  # missing now where baseline was D: could be a new A
    },
)


def test_new_grades_are_counted_over_the_systems_known_at_both(endpoint: Derived) -> None:
    assert endpoint.rows(ADSRI, COUNTED, "avisitn bilnewa bilnewb bilnewsys bilfl", "avisitn <= 20") == expected("""
        avisitn  bilnewa  bilnewb  bilnewsys                              bilfl
        2        2        1        BILMUCO,BILMUSC,BILCARD                N
        4        1        3        BILMUCO,BILNEURO,BILMUSC,BILCARD       N
        8        0        1        BILCARD                                .
        12       0        0        .                                      Y
        16       0        2        BILNEURO,BILOPHT                       N
        20       .        .        .                                      .
    """)


def test_gaps_decide_only_when_every_way_of_filling_them_agrees(endpoint: Derived) -> None:
    assert endpoint.rows(ADSRI, OPEN_GAPS, "avisitn bilfl bilnewa bilnewb", "avisitn <= 28") == expected("""
        avisitn  bilfl  bilnewa  bilnewb
        2        Y      0        0
        4        Y      0        0
        8        .      0        0
        12       .      0        1
        16       N      0        2
        20       N      1        0
        24       .      0        0
        28       .      0        0
    """)


NO_BASELINE = endpoint_subject("NOBILBASE", "336  W48  .  AADDDDDDD  .", baseline="0  D0  9+12+15  .  1.5")


def test_unknown_when_either_record_is_absent_even_with_an_a_now(endpoint: Derived) -> None:
    assert endpoint.rows(ADSRI, NO_BASELINE, "bilfl bilnewa bilnewb bilnewsys", "avisitn = 48") == [["."] * 4]


# The rule in its own words (every way of filling the gaps), over records with up to four gaps each time.
def met_in_every_filling(baseline: str, now: str) -> str:
    results = set()
    for before in itertools.product(*[grade.replace("-", "ABCDE") for grade in baseline]):
        for after in itertools.product(*[grade.replace("-", "ABCDE") for grade in now]):
            new_a = sum(current == "A" and base in "BCDE" for base, current in zip(before, after, strict=True))
            new_b = sum(current == "B" and base in "CDE" for base, current in zip(before, after, strict=True))
            results.add(new_a == 0 and new_b <= 1)
    return "." if len(results) == 2 else "Y" if results == {True} else "N"


def random_pairs(count: int) -> list[tuple[str, str]]:
    draw = random.Random(20240601)
    pairs = []
    for _ in range(count):
        records = [draw.choices("ABCDE", weights=[1, 3, 4, 6, 6], k=9) for _ in range(2)]
        for place in draw.sample(range(18), k=draw.randrange(5)):
            records[place // 9][place % 9] = "-"
        pairs.append(("".join(records[0]), "".join(records[1])))
    return pairs


PAIRS = [
    (bilag_subject(f"PAIR{number}", baseline, {2: now}), baseline, now)
    for number, (baseline, now) in enumerate(random_pairs(60))
]


@pytest.mark.parametrize(("siteid", "baseline", "now"), PAIRS)
def test_agrees_with_going_through_every_filling(endpoint: Derived, siteid: str, baseline: str, now: str) -> None:
    assert endpoint.rows(ADSRI, siteid, "bilfl", "avisitn = 2") == [[met_in_every_filling(baseline, now)]]
