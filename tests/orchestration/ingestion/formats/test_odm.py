"""ODM-XML: REDCap with and without events, repeats, typed items, vendors' additions; and what XML can do to us."""

from __future__ import annotations

import pytest

from orchestration.ingestion.formats.tables import ReadAs, read_batches
from tests.orchestration.ingestion.formats.reading import only, refused, tables, values

ODM = '<?xml version="1.0" encoding="UTF-8"?>\n<ODM xmlns="http://www.cdisc.org/ns/odm/v1.3" {more}>{body}</ODM>'
CLINICAL = '<ClinicalData StudyOID="S" MetaDataVersionOID="M">{}</ClinicalData>'
REDCAP = 'xmlns:redcap="https://projectredcap.org" SourceSystem="REDCap"'


def odm(body: str, more: str = "", clinical: bool = True) -> bytes:
    return ODM.format(more=more, body=CLINICAL.format(body) if clinical else body).encode()


def test_redcap_classic() -> None:
    """Forms directly under the subject; the record id is the subject and no value."""
    data = odm(
        '<SubjectData SubjectKey="7" redcap:RecordIdField="record_id">'
        '<FormData FormOID="Form.dm" FormRepeatKey="1"><ItemGroupData ItemGroupOID="dm.a" ItemGroupRepeatKey="1">'
        '<ItemData ItemOID="record_id" Value="7"/><ItemData ItemOID="sex" Value="F"/><ItemData ItemOID="dob" Value=""/>'
        '</ItemGroupData><ItemGroupData ItemGroupOID="dm.b"><ItemData ItemOID="dm_complete" Value="2"/></ItemGroupData>'
        '</FormData><FormData FormOID="Form.bp" FormRepeatKey="2"><ItemGroupData ItemGroupOID="bp.a">'
        '<ItemData ItemOID="sys" Value="110"/></ItemGroupData></FormData></SubjectData>',
        REDCAP,
    )
    assert values(data, format="odm") == [
        ("7", None, "dm", "1", "sex", "F"),
        ("7", None, "dm", "1", "dm_complete", "2"),
        ("7", None, "bp", "2", "sys", "110"),
    ]


def test_redcap_longitudinal() -> None:
    data = odm(
        '<SubjectData SubjectKey="7" redcap:RecordIdField="record_id">'
        '<StudyEventData StudyEventOID="Event.w4_arm_1" StudyEventRepeatKey="1" redcap:UniqueEventName="week_4_arm_1">'
        '<FormData FormOID="Form.bp" FormRepeatKey="1"><ItemGroupData ItemGroupOID="g"><ItemData ItemOID="sys" '
        'Value="1"/></ItemGroupData></FormData><FormData FormOID="Form.bp" FormRepeatKey="2"><ItemGroupData '
        'ItemGroupOID="g"><ItemData ItemOID="sys" Value="2"/></ItemGroupData></FormData></StudyEventData>'
        '<StudyEventData StudyEventOID="Event.uns_arm_1" StudyEventRepeatKey="3"><FormData FormOID="Form.bp" '
        'FormRepeatKey="1"><ItemGroupData ItemGroupOID="g"><ItemData ItemOID="sys" Value="3"/></ItemGroupData>'
        "</FormData></StudyEventData></SubjectData>",
        REDCAP,
    )
    assert values(data, format="odm") == [
        ("7", "week_4_arm_1", "bp", "1", "sys", "1"),
        ("7", "week_4_arm_1", "bp", "2", "sys", "2"),
        ("7", "uns_arm_1", "bp", "3", "sys", "3"),
    ]
    table = only(data, format="odm")
    assert table.frame.columns == ["row", "subject", "event", "repeat", "sys"]
    assert table.frame["row"].to_list() == [1, 2, 3]


def event(forms: str, key: str = "", subject: str = "S1") -> str:
    opened = f'<SubjectData SubjectKey="{subject}"><StudyEventData StudyEventOID="SE.1" {key}>'
    return f"{opened}{forms}</StudyEventData></SubjectData>"


def form(groups: str, key: str = "", oid: str = "F.1") -> str:
    return f'<FormData FormOID="{oid}" {key}>{groups}</FormData>'


def group(items: str, key: str = "", oid: str = "G.1") -> str:
    return f'<ItemGroupData ItemGroupOID="{oid}" {key}>{items}</ItemGroupData>'


ITEM = '<ItemData ItemOID="I" Value="{}"/>'


def test_no_two_repeats_are_one() -> None:
    """Event, form and group may each repeat, and every combination keeps a place of its own."""
    body = "".join(
        event(
            form(
                "".join(group(ITEM.format(f"{e}{f}{g}"), f'ItemGroupRepeatKey="{g}"') for g in (1, 2)),
                f'FormRepeatKey="{f}"',
            ),
            f'StudyEventRepeatKey="{e}"',
        )
        for e in (1, 2)
        for f in (1, 2)
    )
    found = {(repeat, value) for _, _, _, repeat, _, value in values(odm(body), format="odm")}
    assert found == {
        ("1", "111"), ("1/2", "112"), ("2", "121"), ("2/2", "122"),
        ("2.1", "211"), ("2.1/2", "212"), ("2.2", "221"), ("2.2/2", "222"),
    }  # fmt: skip


def test_groups_that_repeat_without_saying_so_and_items_in_two_groups() -> None:
    body = event(
        form(
            group(ITEM.format("a")) + group(ITEM.format("b")) + group(ITEM.format("c"), oid="G.2")
            + group(ITEM.format("d") + ITEM.format("e"), oid="G.3")
        )
    )  # fmt: skip
    found = [(repeat, item, value) for _, _, _, repeat, item, value in values(odm(body), format="odm")]
    expected = [("1", "I", "a"), ("1/2", "I", "b"), ("1", "G.2.I", "c"), ("1", "G.3.I", "d"), ("1", "I.5", "e")]
    assert sorted(found) == sorted(expected)


def test_marks_of_xml_are_themselves_in_a_value() -> None:
    """An attribute of SGML's five marks, and one that only looks like one."""
    data = odm(event(form(group(ITEM.format("a &amp; b &lt; c &gt; d &quot;e&apos; &amp;amp; &#38;")))))
    assert [value for *_, value in values(data, format="odm")] == ["a & b < c > d \"e' &amp; &"]


def test_typed_items_and_what_vendors_add() -> None:
    items = (
        '<ItemDataString ItemOID="a">x &amp; y</ItemDataString><ItemDataFloat ItemOID="b" Value="1.50"/>'
        '<ItemDataPartialDate ItemOID="c">2026-11<AuditRecord><UserRef/></AuditRecord></ItemDataPartialDate>'
        '<ItemDataBoolean ItemOID="d">true</ItemDataBoolean><ItemData ItemOID="e" IsNull="Yes" Value="?"/>'
        '<ItemData ItemOID="f" Value="1&#10;2"><Annotation><Comment>no value</Comment></Annotation></ItemData>'
        '<v:ItemData ItemOID="g" Value="not ODM"/><ItemDataBase64Binary ItemOID="h">QUJD</ItemDataBase64Binary>'
        '<ItemData ItemOID="subject" Value="mine"/><ItemDataString ItemOID="i"> </ItemDataString>'
    )
    body = event(f"<v:Note>text</v:Note>{form(group(items))}<Annotation/>")
    table = only(odm(body, 'xmlns:v="urn:vendor" v:x="y" ODMVersion="1.3.2"'), format="odm")
    assert table.name == "F.1"
    assert table.frame.drop("row").rows(named=True) == [
        {"subject": "S1", "event": "SE.1", "repeat": "1", "a": "x & y", "b": "1.50", "c": "2026-11", "d": "true",
         "f": "1\n2", "h": "[document]", "subject_": "mine"}
    ]  # fmt: skip


METADATA = (
    '<Study OID="S"><MetaDataVersion OID="M"><FormDef OID="F.1"><ItemGroupRef ItemGroupOID="G.1"/></FormDef>'
    '<FormDef OID="F.2"><ItemGroupRef ItemGroupOID="G.1"/></FormDef><ItemGroupDef OID="G.1"><ItemRef ItemOID="J"/>'
    '<ItemRef ItemOID="I"/></ItemGroupDef><ItemDef OID="I" Name="WT" DataType="float"/><ItemDef OID="J" Name="D" '
    'DataType="date"><Question><TranslatedText>Date of\n  visit</TranslatedText></Question></ItemDef>'
    "</MetaDataVersion></Study>"
)


def test_what_the_file_says_of_itself() -> None:
    """A described item that no one has filled in is a column all the same, and a described form a table."""
    found = tables(odm(METADATA + CLINICAL.format(event(form(group(ITEM.format("5"))))), clinical=False), format="odm")
    assert list(found) == ["F.1", "F.2"]
    assert found["F.1"].frame.rows() == [(1, "S1", "SE.1", "1", None, "5")]
    assert found["F.2"].frame.height == 0
    assert found["F.2"].frame.columns == ["row", "subject", "event", "repeat", "J", "I"]
    assert found["F.1"].labels == {"I": "WT", "J": "Date of visit"}
    assert found["F.1"].kinds == {"I": "number", "J": "date"}
    assert only(odm(METADATA, clinical=False), format="odm", sheet="f.2").name == "F.2"


def test_batches_hold_the_same_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("orchestration.ingestion.formats.odm.BATCH_VALUES", 10)
    body = "".join(event(form(group(ITEM.format(n))), subject=f"S{n}") for n in range(50))
    parts = list(read_batches(odm(body), ReadAs("odm")))
    assert len(parts) == 17
    assert [value for part in parts for value in part.frame["I"]] == [str(n) for n in range(50)]
    assert only(odm(body), format="odm").frame["I"].to_list() == [str(n) for n in range(50)]


LAUGHS = '<!DOCTYPE ODM [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (odm(event(form(group(ITEM.format("1")))))[:-20], "not whole"),
        (odm(event(form(group(ITEM.format("1")))))[:-120], "not whole"),
        (odm('<SubjectData SubjectKey="1">'), "damaged"),
        (odm('<SubjectData><FormData FormOID="F"/></SubjectData>'), "no SubjectKey"),
        (odm('<FormData FormOID="F"/>'), "outside a subject"),
        (odm(f'<SubjectData SubjectKey="1">{group(ITEM.format("1"))}</SubjectData>'), "outside any form"),
        (odm('<SubjectData SubjectKey="1" TransactionType="Remove"/>'), "ask for a snapshot"),
        (odm(event(form(group('<ItemData Value="1"/>')))), "no ItemOID"),
        (b"<html><body/></html>", "not ODM: its outermost element is html"),
        (odm("", 'ODMVersion="2.0"'), "ODM 2.0"),
        (b"subjid,visit\n1,W2\n", "damaged"),
        (odm(event(form(group(ITEM.format("\x01"))))), "damaged"),
        (odm(event(form(group(ITEM.format("\xe9"))))).decode().encode("latin-1"), "damaged"),
        (odm(event(form(group(ITEM.format("&xxe;"))))), "damaged"),
        (LAUGHS.encode() + odm(event(form(group(ITEM.format("&b;"))))).partition(b"\n")[2], "document type"),
        (b'<!DOCTYPE ODM SYSTEM "http://127.0.0.1:9/x.dtd"><ODM/>', "document type"),
        (b'<!DOCTYPE ODM [<!ENTITY x SYSTEM "file:///etc/passwd">]><ODM>&x;</ODM>', "document type"),
        (('<!DOCTYPE ODM [<!ENTITY x "y">]><ODM/>').encode("utf-16"), "document type"),
        (odm("<x>" * 100 + "</x>" * 100), "nested more than"),
        (odm("<x>" * 100_000), "nested more than"),
        (odm(event(form(group(ITEM.format("x" * 1_000_001))))), "more than the 1,000,000"),
        (odm(event(form(group(f'<ItemDataString ItemOID="I">{"x" * 1_000_001}</ItemDataString>')))), "more than the"),
        (odm(event(form(group(ITEM.format("1") * 100_001)))), "more than 100,000 values"),
        (odm("<v " + " ".join(f'a{n}="{"x" * 1000}"' for n in range(20_000)) + "/>"), "damaged|read"),
        (odm(event(form(group("".join(f'<ItemData ItemOID="I{n}" Value="1"/>' for n in range(17_000)))))), "columns"),
    ],
    ids=lambda value: None if isinstance(value, bytes) else value[:30],
)
def test_damage(data: bytes, message: str) -> None:
    assert refused(data, message, format="odm") == "DEL01"


def test_nothing_in_it() -> None:
    assert refused(odm(""), "no form", format="odm") == "DEL02"
    assert refused(odm(event(form(""))), "no form 'F.9'", format="odm", sheet="F.9") == "DEL01"
