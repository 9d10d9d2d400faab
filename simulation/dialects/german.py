"""A German hospital's export: cp1252, semicolons, decimal comma, 21.11.2026, its own names and codes for everything.

What belongs here: this system's words. What does not: how the file is put together (spelled_csv.py).
"""

from simulation.dialects.contract import codes
from simulation.dialects.dates import Dates
from simulation.dialects.delimited import Delimited
from simulation.dialects.dialect import Night
from simulation.dialects.spelled_csv import SpelledCsv
from simulation.dialects.spelling import Spelling

FORMS = {
    "dm": "Stammdaten", "acr": "ACR-Kriterien", "ie": "Einschlussprüfung", "mh": "Anamnese", "sv": "Visiten",
    "vs": "Vitalwerte", "ex": "Infusionen", "sledai": "SLEDAI-2K", "bilag": "BILAG-2004", "pga": "Arzturteil",
    "lb": "Labor", "cm": "Medikation", "ae": "Unerwünschte Ereignisse", "ds": "Studienende",
}  # fmt: skip

COLUMNS = {
    "subjid": "PATNR", "visit": "VISITE",
    "rficdtc": "EINWILLIGUNG", "brthyr": "GEBJAHR", "age": "ALTER", "sex": "GESCHLECHT", "race": "HERKUNFT",
    "height_cm": "GRÖSSE_CM", "slediagdtc": "ERSTDIAGNOSE",
    "acrcrit": "KRITERIUM", "acrmet": "ERFÜLLT", "acrdtc": "DATUM",
    "ietestcd": "KRITERIUM", "ieorres": "ZUTREFFEND",
    "mhseq": "LFDNR", "mhcat": "KATEGORIE", "mhterm": "DIAGNOSE", "mhstdtc": "BEGINN", "mhendtc": "ENDE",
    "mhhosp": "STATIONÄR",
    "svdtc": "DATUM", "svoccur": "ERFOLGT", "svreasnd": "GRUND",
    "vsdtc": "DATUM", "vstestcd": "PARAMETER", "vsorres": "WERT", "vsorresu": "EINHEIT",
    "exoccur": "GEGEBEN", "exstdtc": "BEGINN", "exendtc": "ENDE", "exdose": "DOSIS", "exdosu": "EINHEIT",
    "exvial120": "FLASCHEN_120", "exvial400": "FLASCHEN_400", "exlot": "CHARGE", "exadj": "ANPASSUNG",
    "exreasoc": "GRUND",
    "sledtc": "DATUM", "sledtot": "SUMME",
    **{f"sledai{item:02}": f"FRAGE_{item}" for item in range(1, 25)},
    "bildtc": "DATUM", "bilconst": "ALLGEMEIN", "bilmuco": "HAUT", "bilneuro": "NERVEN", "bilmusc": "BEWEGUNG",
    "bilcard": "HERZ_LUNGE", "bilgast": "BAUCH", "bilopht": "AUGEN", "bilrenal": "NIERE", "bilhaem": "BLUT",
    "pgadtc": "DATUM", "pgares": "URTEIL", "pgascale": "SKALA",
    "lbdtc": "DATUM", "lbtestcd": "TEST", "lborres": "WERT", "lborresu": "EINHEIT", "lbnrlo": "NORM_VON",
    "lbnrhi": "NORM_BIS",
    "cmseq": "LFDNR", "cmtrt": "PRÄPARAT", "cmclas": "GRUPPE", "cmdose": "DOSIS", "cmdosu": "EINHEIT",
    "cmdosfrq": "HÄUFIGKEIT", "cmroute": "WEG", "cmindc": "INDIKATION", "cmstdtc": "BEGINN", "cmendtc": "ENDE",
    "cmongo": "LAUFEND",
    "aeseq": "LFDNR", "aecat": "KATEGORIE", "aeterm": "EREIGNIS", "aestdtc": "BEGINN", "aeendtc": "ENDE",
    "aesev": "SCHWEREGRAD", "aeser": "SUE", "aerel": "ZUSAMMENHANG", "aeacn": "MASSNAHME", "aeout": "AUSGANG",
    "dscat": "WOVON", "dsdecod": "WIE", "dsdtc": "DATUM",
}  # fmt: skip

CODES = {
    "SEX": {"F": "W", "M": "M", "U": "D"},
    "NY": {"Y": "J", "N": "N"},
    "CMROUTE": {"ORAL": "p.o.", "IV": "i.v.", "IM": "i.m.", "SC": "s.c.", "TOPICAL": "lokal", "OTHER": "andere"},
    "AESEV": {"MILD": "leicht", "MODERATE": "mäßig", "SEVERE": "schwer"},
    "AEOUT": {"RECOVERED": "genesen", "ONGOING": "andauernd", "FATAL": "verstorben", "UNKNOWN": "unbekannt"},
    "VSTESTCD": {
        "WEIGHT": "Gewicht", "HEIGHT": "Größe", "TEMP": "Temperatur", "SYSBP": "RR systolisch",
        "DIABP": "RR diastolisch", "PULSE": "Puls",
    },
}  # fmt: skip

NAMED_VISITS = {"SCR": "Screening", "D0": "Tag 0", "ET": "Abbruch", "UNS": "Außerplanmäßig"}
VISITS = {visit: NAMED_VISITS.get(visit, f"Woche {visit[1:]}") for visit in codes("VISIT")}


def preamble(form: str, night: Night) -> list[str]:
    return [
        f"MRBS-Studie, Zentrum {night.siteid}: {FORMS[form]}",
        f"Stand: {night.day:%d.%m.%Y}",
        "vertraulich;",
    ]


GERMAN = SpelledCsv(
    marks=Delimited(encoding="cp1252", delimiter=";", line_end="\r\n"),
    spelling=Spelling(
        dates=Dates("%d.%m.%Y", "%d.%m.%Y %H:%M", "%m.%Y", "%Y"),
        decimal=",",
        codes=CODES,
        visits=VISITS,
        missing_number="-99",
        missing_text="k.A.",
    ),
    stems=FORMS,
    names=COLUMNS,
    preamble=preamble,
    preamble_lines=3,
    above=lambda form, column: FORMS[form],
    joined=True,
)
