-- SLEDAI-2K assessments, typed: the rows of read_sledai, and which of them must be kept out of the analysis, and
-- why.
{{ config(materialized='view') }}

{{ judged_rows('sledai') }}
