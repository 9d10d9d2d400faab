-- Physician's global assessments, typed: the rows of read_pga, and which of them must be kept out of the analysis,
-- and why.
{{ config(materialized='view') }}

{{ judged_rows('pga') }}
