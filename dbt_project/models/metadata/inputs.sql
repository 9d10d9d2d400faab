-- What this publication was made from: the file in force for each form of each site.
select
    {{ studyid() }} as studyid,
    siteid,
    form,
    delivered,
    file,
    sha256,
    cast(rows as bigint) as rows,
    cast(subjects as bigint) as subjects
from {{ source('raw', 'in_force') }}
order by siteid, form
