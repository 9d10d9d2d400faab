select * from {{ ref('typed_dm') }} where quarantine_rule is null
