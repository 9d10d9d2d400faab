"""The two things people open: what a load leads to, and what the review pages are made of.

How they are made belongs in `publication`.
"""

import dagster as dg

DATABASE_KEY = dg.AssetKey(["publication", "analysis_database"])
PARQUET_KEY = dg.AssetKey(["publication", "parquet"])
