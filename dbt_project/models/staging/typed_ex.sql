-- Infusions, typed: the rows of read_ex, and which of them must be kept out of the analysis, and why.
{{ config(materialized='view') }}

{{ judged_rows('ex') }}
