-- BILAG-2004 assessments, typed: the rows of read_bilag, and which of them must be kept out of the analysis, and
-- why.
{{ config(materialized='view') }}

{{ judged_rows('bilag') }}
