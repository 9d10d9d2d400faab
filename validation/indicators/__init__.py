"""Site indicators: how each site compares with all others tonight, and since when one stands out (docs/adr/0015).

    declared.py        what is counted, per what, and when a site stands out: the seed site_indicators
    counting.py        the counts, from what dbt derived and from the ledger of findings
    probabilities.py   the two distributions that limits are taken from
    limits.py          the rule: a site beside all others
    history.py         every night's outcome, and since when a site has stood out
    published.py       quality.site_indicators and quality.site_indicators_history

What is derived from raw for it stands in dbt (models/intermediate/indicators). Nothing here judges a record: that is
for rules.
"""

from validation.indicators.published import write_site_indicators

__all__ = ["write_site_indicators"]
