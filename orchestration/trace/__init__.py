"""The proof of one subject's response at one visit, from the decision back to the rows of the files it hangs on.

    facts       what a trace holds, as plain values
    subjects    which subject and which visit are meant, or in a sentence why there is nothing to trace
    published   the facts as published: results, candidates for each component, where each row stands
    raw         the subject's rows as delivered, and the events of the first derivation, from the working file
    archived    the same rows read once more from the archived bytes
    again       the decision derived a second time from those rows, beside what is published
    choosing    why a record was chosen among the candidates, in words
    wording     the decision, the rules and the values in words
    gathering   all of it in one go
    sheet       the page as headings, sentences and tables; `terminal` and `html` write it down

Nothing here decides anything: rules stand in dbt_project and, a second time, in validation.second_derivation. What is
said of a rule here is held against both, and a page on which they differ says so first.
"""

from orchestration.trace.facts import Trace
from orchestration.trace.gathering import trace
from orchestration.trace.sheet import Sheet, sheet_of

__all__ = ["Sheet", "Trace", "sheet_of", "trace"]
