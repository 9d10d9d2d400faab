{#-
    Sets of SLEDAI-2K items as the bits of a whole number: item 1 is the lowest. Comparing two records item by item takes
    one operation instead of 24 rows each. How an engine writes operations on bits stands here only.
-#}

{#- The set of the items of a group of rows for which something holds. -#}
{% macro item_set(item, condition) -%}
    cast(coalesce(sum(1 << ({{ item }} - 1)) filter (where {{ condition }}), 0) as integer)
{%- endmacro %}

{#- Whether two sets have an item in common. -#}
{% macro items_in_common(one, other) -%}
    ({{ one }} & {{ other }}) <> 0
{%- endmacro %}

{#- Whether a set has an item that another lacks. -#}
{% macro items_beyond(one, other) -%}
    ({{ one }} & ~{{ other }}) <> 0
{%- endmacro %}

{#-
    Whether none of the items is present, in a record with the columns items_present and items_answered: not, where one of
    them is; unknown, where one of them is not answered and none is present.
-#}
{% macro none_present(items, record) -%}
    case
        when {{ items_in_common(items, record ~ '.items_present') }} then false
        when not {{ items_beyond(items, record ~ '.items_answered') }} then true
    end
{%- endmacro %}

{#-
    Whether a record has no item that an earlier one lacks (`parameters.items` is the set of all): not, where an item is present now and was answered with no;
    unknown, where an item could be new, as an answer is missing now or then.
-#}
{% macro no_new_item(record, earlier) -%}
    case
        when
            ({{ record }}.items_present & {{ earlier }}.items_answered & ~{{ earlier }}.items_present) <> 0
            then false
        when ((parameters.items & ~{{ record }}.items_answered) | {{ record }}.items_present) & ~{{ earlier }}.items_present = 0
            then true
    end
{%- endmacro %}
