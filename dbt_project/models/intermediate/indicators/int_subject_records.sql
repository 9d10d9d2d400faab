-- How many records each subject has today, over all forms, whether they are used or quarantined. A record without a
-- readable subject belongs to a subject of no name. How many findings there are about them is the ledger's to say.
with records as (
    {%- for form in forms() %}
        select
            siteid,
            coalesce(usubjid, '') as usubjid,
            count(*) as records
        from {{ ref('read_' ~ form) }}
        group by siteid, coalesce(usubjid, '')
        {%- if not loop.last %}
            union all
        {%- endif %}
    {%- endfor %}
)

select
    siteid,
    usubjid,
    cast(sum(records) as bigint) as records
from records
group by siteid, usubjid
