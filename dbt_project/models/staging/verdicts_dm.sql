-- Which rows of dm are kept out of the analysis, and why: only those. Found before the other forms' (verdicts), because
-- a row of theirs needs a usable subject.
with

{{ verdicts_of('dm') }}

select
    row_id,
    form,
    quarantine_rule,
    quarantine_reason
from verdicts_dm
