-- Who the endpoint is derived for: every subject whose day 0 is known, with the dates that the later steps count from.
-- Subjects who were never infused, and subjects who are held, have no row here and so none in any later step.
select
    parameters.scenario,
    day0.siteid,
    day0.usubjid,
    day0.trtsdt,
    site_cut.sitecutdt,
    coalesce(disposition.has_eos, false) as has_eos,
    disposition.eosdt
from {{ ref('int_day0') }} as day0
cross join {{ ref('int_endpoint_parameters') }} as parameters
left join {{ ref('int_site_cut') }} as site_cut on day0.siteid = site_cut.siteid
left join {{ ref('int_disposition') }} as disposition on day0.usubjid = disposition.usubjid
where day0.trtsdt is not null
