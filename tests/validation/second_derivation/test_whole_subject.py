"""One subject from the first infusion to the end of study, every row worked out by hand; and text nobody expects."""

from __future__ import annotations

import random
from datetime import date

from tests.validation.second_derivation.subject_tables import (
    FOUR_LESS,
    Row,
    bilag,
    derived,
    end,
    infusion,
    on,
    pga,
    responder_at,
    sledai,
    steroid,
    subject,
)
from validation.protocol import form_columns
from validation.second_derivation import DeliveredSubject, VisitResponse, derive_subject


def test_a_subject_worked_by_hand() -> None:
    """Baseline 12, all D, PGA 2.0; prednisone 10 mg, raised to 16 mg on day 190; leaves the study on day 250."""
    delivered = subject(
        responder_at("W8", 57),
        responder_at("W24", 168),
        responder_at("W32", 224),
        ex=[infusion("W2", on(15)), infusion("W4", on(28), "N", None), infusion("W8", on(57))],
        sledai=[sledai("W4", on(28), (9, 13)), sledai("UNS", on(30), FOUR_LESS, missing=(1,))],
        bilag=[bilag("W4", on(28), "BBDDDDDDD"), bilag("W12", on(84), "BD-DDDDDD")],
        pga=[pga("W12", on(84), "50", "0-100")],
        cm=[steroid("1", on(-90), on(189), "10"), steroid("2", on(190), None, "16")],
        ds=[end("STUDY", "WITHDRAWAL BY SUBJECT", on(250)), end("TREATMENT", "LACK OF EFFICACY", on(230))],
    )
    result = derived(delivered, date.fromisoformat(on(260)))

    def row(week: int, mature: bool, oc: str | None, locf: str | None, sri: str, reason: str) -> VisitResponse:
        sri4, sri5, sri6, sri7, sri8 = list(sri)
        return VisitResponse(f"Week {week}", mature, oc, sri4, locf, sri5, sri6, sri7, sri8, reason)

    # The limit is 15 mg (10 + 5), so 16 mg from day 190 on is an increase. It counts against every visit assessed on
    # day 190 or later: Week 28 by its target day 196. From Week 36 (target day 252) on the study has ended.
    expected = (
        row(2, True, None, None, "NNNNN", "MISSING"),
        row(4, True, "N", "N", "NNNNN", "BILAG"),  # 12 to 8, but two new Bs
        row(8, True, "Y", "Y", "YNNNN", "RESPONDER"),
        # One known new B, and a missing grade where D was: may be a second B or an A, so unknown; SLEDAI is absent.
        # BILAG and SLEDAI of Week 8 and the PGA of Week 12 (1.5) are carried forward.
        row(12, True, None, "Y", "NNNNN", "MISSING"),
        row(16, True, None, "Y", "NNNNN", "MISSING"),
        row(20, True, None, "Y", "NNNNN", "MISSING"),
        row(24, True, "Y", "Y", "YNNNN", "RESPONDER"),
        row(28, True, None, "N", "NNNNN", "STEROID INCREASE"),
        row(32, True, "Y", "N", "NNNNN", "STEROID INCREASE"),  # window to day 238, lag to 245
        row(36, False, None, "N", "NNNNN", "DISCONTINUED"),
        row(40, False, None, "N", "NNNNN", "DISCONTINUED"),
        row(44, False, None, "N", "NNNNN", "DISCONTINUED"),
        row(48, False, None, "N", "NNNNN", "DISCONTINUED"),
    )
    assert result.visits == expected
    assert (result.respgrp, result.icedt, result.iceterm) == ("NO RESPONSE", date(2026, 7, 14), "STEROID INCREASE")
    assert [one.status for one in result.infusions] == [
        *("GIVEN", "GIVEN", "MISSED", "GIVEN"),
        *["MISSED"] * 6,  # Week 12 (day 84) to Week 32 (day 224): due by day 230, overdue on day 238
        *["NOT DUE"] * 4,  # from Week 36 (day 252) on
    ]


TEXTS: list[str | None] = [
    *(
        None,
        "",
        " ",
        "\u3000",
        "0",
        "1",
        "-1",
        "1e9",
        "9" * 400,
        "0." + "3" * 400,
        "Y",
        "N",
        "A",
        "E",
        "\x00",
        "💉",
        "'",
    ),
    *("2026", "2026-02", "2026-02-30", "2026-02-28", "2026-01-05T10:00", "2099-12-31", "1900-01-01", "9999-12-31"),
    *("D0", "UNS", "ET", "W4", "STUDY", "TREATMENT", "DEATH", "COMPLETED", "mg", "G", "QD", "ONCE", "ORAL", "0-3"),
    *("PREDNISONE", "CORTICOSTEROID", "CYTOTOXIC", "İ", "ß", "premedication", "NaN", "Infinity", "١", "-0", "+", "."),
]


def test_any_text_is_handled() -> None:
    """Rows of random text, absent columns included; every subject is derived twice, its rows in another order."""
    chance = random.Random(20260105)
    ordinary = subject(responder_at("W4", 28))
    for _ in range(150):
        rows: dict[str, list[Row]] = {form: list(ordinary.rows[form]) for form in ordinary.rows}  # type: ignore[arg-type]
        for form in ("ex", "sv", "sledai", "bilag", "pga", "cm", "ds"):
            names = [column.name for column in form_columns()[form]]
            for _ in range(chance.randrange(4)):
                noise = {name: chance.choice(TEXTS) for name in names if chance.random() < 0.9}
                rows[form] = [*rows.get(form, []), noise]
        cut = chance.choice([None, date(2026, 3, 1), date(2028, 1, 1)])
        forwards = derive_subject(DeliveredSubject("S01", "001", rows), cut)
        turned = {form: list(reversed(delivered)) for form, delivered in rows.items()}
        assert forwards is not None
        assert forwards == derive_subject(DeliveredSubject("S01", "001", turned), cut)
