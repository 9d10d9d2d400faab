-- Every delivered file and what became of it. A file that was dealt with more than once (held, then released) stands
-- here with its latest status. When it was dealt with is not said, so the same data give the same table on any day.
with latest as (
    select
        *,
        row_number() over (partition by siteid, delivered, form, file, sha256 order by sequence desc) as recency
    from {{ source('raw', 'deliveries') }}
)

select
    {{ studyid() }} as studyid,
    siteid,
    delivered,
    form,
    file,
    sha256,
    cast(rows as bigint) as rows,
    status,
    reason
from latest
where recency = 1
order by siteid, delivered, form, file, sha256
