-- The site cut: up to which date a site's data can be taken as complete. For each form the site has ever delivered, the
-- date of its latest accepted delivery; the earliest of these. A form that was delivered but never accepted leaves the
-- site without a cut, so a refused file can never make something look missing. A delivery that is still being written
-- (SETTLING) has not been delivered yet.
with

forms_delivered as (
    select
        siteid,
        form
    from {{ source('raw', 'deliveries') }}
    where form is not null and status <> 'SETTLING'
    union
    select
        siteid,
        form
    from {{ source('raw', 'in_force') }}
),

latest_accepted as (
    select
        forms_delivered.siteid,
        forms_delivered.form,
        in_force.delivered
    from forms_delivered
    left join {{ source('raw', 'in_force') }} as in_force
        on forms_delivered.siteid = in_force.siteid and forms_delivered.form = in_force.form
)

select
    siteid,
    case when count(*) = count(delivered) then min(delivered) end as sitecutdt
from latest_accepted
group by siteid
