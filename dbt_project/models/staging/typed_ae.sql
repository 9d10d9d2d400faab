-- Adverse events, typed: the rows of read_ae, and which of them must be kept out of the analysis, and why.
{{ config(materialized='view') }}

{{ judged_rows('ae') }}
