-- Where every current row stands: in which file and row, in the first and in the latest delivery that held it. The
-- column srcid of the analysis tables leads here. Its rows stand in no order: sorting the largest table of all took a
-- quarter of the derivation, and its Parquet file is written in the order of the key anyway.
with current_rows as (
    {{ current_rows() }}
)

select
    {{ studyid() }} as studyid,
    positions.siteid,
    current_rows.form,
    current_rows.row_id,
    positions.latest_file as file,
    positions.latest_sha256 as sha256,
    positions.latest_delivered,
    positions.latest_row,
    positions.first_delivered,
    positions.first_file,
    positions.first_sha256,
    positions.first_row
from current_rows
inner join {{ source('raw', 'positions') }} as positions
    on current_rows.row_id = positions.row_id and current_rows.form = positions.form
{{ where_site_changed('positions.siteid') }}
