-- How long each treated subject has been observed: from the first infusion to the end of study or the site cut, both
-- days included. Without a day 0 or a site cut nobody knows, so such a subject has no row. What happened in that time
-- does not belong here, except whether it ended before its plan.
with observed as (
    select
        day0.siteid,
        day0.usubjid,
        day0.trtsdt,
        disposition.has_eos,
        disposition.eosdt,
        disposition.eosdecod,
        site_cut.sitecutdt,
        -- least() leaves a missing end of study out.
        least(disposition.eosdt, site_cut.sitecutdt) as observed_until_dt
    from {{ ref('int_day0') }} as day0
    inner join {{ ref('int_disposition') }} as disposition on day0.usubjid = disposition.usubjid
    inner join {{ ref('int_site_cut') }} as site_cut on day0.siteid = site_cut.siteid
    where day0.trtsdt is not null and site_cut.sitecutdt is not null
)

select
    siteid,
    usubjid,
    trtsdt,
    observed_until_dt,
    {{ days_between('trtsdt', 'observed_until_dt') }} + 1 as observed_days,
    -- An end whose reason cannot be read is still an end other than completed.
    has_eos and coalesce(eosdecod <> 'COMPLETED', true) and eosdt <= sitecutdt as is_discontinued
from observed
where observed_until_dt >= trtsdt
