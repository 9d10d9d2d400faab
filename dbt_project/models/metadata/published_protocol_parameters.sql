-- The protocol's numbers as this publication used them: metadata.protocol_parameters. The model has a name of its own
-- because the seed it publishes is called protocol_parameters.
{{ config(alias='protocol_parameters') }}

select
    {{ studyid() }} as studyid,
    scenario,
    parameter,
    value,
    unit,
    status,
    source
from {{ ref('protocol_parameters') }}
order by scenario, parameter
