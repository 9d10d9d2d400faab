-- ACR 1997 criteria, typed: the rows of read_acr, and which of them must be kept out of the analysis, and why.
{{ config(materialized='view') }}

{{ judged_rows('acr') }}
