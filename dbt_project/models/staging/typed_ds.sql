-- Ends of study and of treatment, typed: the rows of read_ds, and which of them must be kept out of the analysis,
-- and why.
{{ config(materialized='view') }}

{{ judged_rows('ds') }}
