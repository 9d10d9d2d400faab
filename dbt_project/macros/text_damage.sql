{#-
    Damage to delivered text. What only DuckDB has (`columns()`, `unpivot`, regexp_matches) stays in this file. What the text
    says is read in typing.sql, which takes blanks off; here it is only told that they were there.
-#}

{#- A blank of any kind, and a character that is none: a control character, a mark without a width, a lost letter. -#}
{% macro any_blank() %}[\s\x{00A0}\x{3000}]{% endmacro %}
{% macro control_character() %}[\x00-\x1e\x7f-\x{009F}]{% endmacro %}
{% macro invisible_character() %}[\x{200B}-\x{200D}\x{2060}\x{FEFF}]{% endmacro %}
{% macro replacement_character() %}\x{FFFD}{% endmacro %}

{#-
    The damaged cells of the current rows of a form. All cells of a row are looked at together, with one expression between
    separators, as nearly all are sound: 2.4 s of processor time for 4.9 million rows at once, 5 s cell by cell.
-#}
{% macro damaged_cells(form) -%}
select
        row_id,
        column_name,
        concat_ws(
            ', ',
            case when regexp_matches(text, '{{ replacement_character() }}') then 'a replacement character' end,
            case when regexp_matches(text, '{{ control_character() }}|\x1f') then 'a control character' end,
            case when regexp_matches(text, '{{ invisible_character() }}') then 'an invisible character' end,
            case
                when regexp_matches(text, '^{{ any_blank() }}|{{ any_blank() }}$') then 'a blank at its beginning or end'
            end,
            case when regexp_matches(text, '\S {2,}\S') then 'several blanks in a row' end
        ) as damage
    from (
        select * exclude (siteid, extra, opened, closed, opened_load, closed_load)
        from {{ source('raw', form) }}
        where
            closed_load is null
            and regexp_matches(
                concat_ws(
                    chr(31), *columns(* exclude (row_id, siteid, extra, opened, closed, opened_load, closed_load))
                ),
                '(^|\x1f){{ any_blank() }}|{{ any_blank() }}(\x1f|$)| {2}|{{ control_character() }}'
                '|{{ invisible_character() }}|{{ replacement_character() }}'
            )
    )
    unpivot (text for column_name in (columns(* exclude (row_id))))
{%- endmacro %}
