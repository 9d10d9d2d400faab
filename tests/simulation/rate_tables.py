"""The stated rates as Markdown, for docs/simulation.md: `python -m tests.simulation.rate_tables` prints them.

What belongs here: laying out the tables. What does not: a rate; each stands once, beside what it is about.
"""

from simulation.defects import KINDS
from simulation.file_defects import FILE_DEFECTS, SITES_A_ROUND
from simulation.rates import RATES


def percent(share: float) -> str:
    """A share as short as it can be written."""
    return f"{100 * share:.3g} %"


def defect_table() -> str:
    """What is planted in rows, and in whole files."""
    lines = ["| defect | rule | subjects | what stands in the data |", "|---|---|---|---|"]
    lines += [f"| {kind.name} | {kind.rule} | {percent(kind.rate)} | {kind.meaning} |" for kind in KINDS]
    lines += ["", "| defect of a file | rule | sites | what is delivered on the last night |", "|---|---|---|---|"]
    lines += [f"| {defect.kind} | {defect.rule} | 1 in {SITES_A_ROUND} | {defect.meaning} |" for defect in FILE_DEFECTS]
    return "\n".join(lines)


def rate_table() -> str:
    """What happens by itself."""
    lines = ["| what happens | share | of | meaning |", "|---|---|---|---|"]
    lines += [f"| {rate.name} | {percent(rate.share)} | {rate.of} | {rate.meaning} |" for rate in RATES]
    return "\n".join(lines)


if __name__ == "__main__":
    print(defect_table(), rate_table(), sep="\n\n")
