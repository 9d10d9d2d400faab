"""What people decide about findings, from the moment they say so until a load takes it in. Knows no Dagster.

    decision_files   where decisions are kept: outside the working file, so that nobody waits for a load
    standing         findings as published, with what has been decided since; what can be decided about them
    deciding         accept, reopen or comment: one finding, or all of a rule at a site
    importing        the same from a CSV that a site or an EDC sends back

What a decision does to a finding belongs to `validation.decisions`; decisions about deliveries to
`ingestion.decisions`.
"""
