"""What monitors work with in Dagster: the review pages, and the jobs by which they decide about findings.

    pages/         what stands on a page: SQL over the published tables, as text, tables and counts; knows no Dagster
    specs          the pages as Dagster's assets: keys, partitions, words
    logging_pages  a page as a materialization in a run's event log
    assets         the pages, made when somebody asks for them
    jobs           accept, reopen, comment; the page of a subject, the proof of its response
    definitions    the code location `review`

Nothing here can load anything: this is what a reviewers' webserver is given (docs/who-may-do-what.md). What a decision
is belongs to `orchestration.findings`, how the nightly load writes the pages to `orchestration.assets.review_pages`.
"""
