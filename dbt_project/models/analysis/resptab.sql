-- resptab: the response group and the no response group side by side, a row per variable of respbl, level and group. A
-- number has mean, standard deviation, median and quartiles; a category, per level, how many and what percentage of
-- those known. Beside both stands the standardised difference. What identifies a subject is not compared.
{% set numbers = [
    'age', 'disdur', 'acrn', 'blsledai', 'blbilagtot', 'blbilaga', 'blbilagb', 'blpga', 'blprot24', 'blsteroid',
    'blweight', 'sledch4', 'pgach4', 'sledch8', 'pgach8', 'sledch12', 'pgach12', 'ngiven12', 'cumdos12', 'ngiven', 'rdi',
] %}
{% set categories = [
    'sex', 'race', 'bllowcfl', 'bldnafl', 'blisfl', 'blamfl', 'sri4oc4', 'sri4oc8', 'sri4oc12', 'blbconst', 'blbmuco',
    'blbneuro', 'blbmusc', 'blbcard', 'blbgast', 'blbopht', 'blbrenal', 'blbhaem',
] %}
{% set items = [] %}
{% for number in range(1, 25) %}{% do items.append('blsled%02d' % number) %}{% endfor %}
with numbers as (
    select
        respgrp,
        variable,
        value
    from (
        select
            respgrp,
        {% for name in numbers -%}
            cast({{ name }} as decimal(18, 6)) as {{ name }}{{ ',' if not loop.last }}
        {% endfor %}
        from {{ ref('respbl') }}
    )
    unpivot include nulls (value for variable in ({{ numbers | join(', ') }}))
),

categories as (
    select
        respgrp,
        variable,
        level
    from (
        select
            respgrp,
        {% for name in categories + items -%}
            cast({{ name }} as varchar) as {{ name }}{{ ',' if not loop.last }}
        {% endfor %}
        from {{ ref('respbl') }}
    )
    unpivot include nulls (level for variable in ({{ (categories + items) | join(', ') }}))
),

groups as (
    select unnest(['RESPONSE', 'NO RESPONSE']) as respgrp
),

-- Sums are exact decimals; floating point is used once, at the end, and rounded.
moments as (
    select
        variable,
        respgrp,
        cast(count(value) as integer) as n,
        cast(count(*) - count(value) as integer) as nmiss,
        sum(value) as total,
        count(value) * sum(cast(value as decimal(38, 6)) * cast(value as decimal(18, 6)))
        - sum(value) * sum(value) as n_times_squares
    from numbers
    group by variable, respgrp
),

ranked as (
    select
        variable,
        respgrp,
        value,
        row_number() over (partition by variable, respgrp order by value) as place,
        count(*) over (partition by variable, respgrp) as n
    from numbers
    where value is not null
),

-- Quartiles as SAS has them by default (PCTLDEF=5): the value at n p, or the mean of it and the next when n p is whole.
quartiles as (
    select
        {% for name, quarter in (('q1', 1), ('median', 2), ('q3', 3)) -%}
            (
                max(value) filter (where place = ({{ quarter }} * n + 3) // 4)
                + max(value) filter (where place = {{ quarter }} * n // 4 + 1)
            ) * 0.5 as {{ name }},
        {% endfor -%}
        variable,
        respgrp
    from ranked
    group by variable, respgrp
),

described as (
    select
        moments.variable,
        moments.respgrp,
        case moments.respgrp when 'RESPONSE' then 1 else -1 end as sign,
        moments.n,
        moments.nmiss,
        {{ divide_half_away('moments.total', 'moments.n', 4) }} as mean,
        cast(moments.total as double) / moments.n as mean_unrounded,
        case
            when moments.n > 1
                then cast(moments.n_times_squares as double) / (cast(moments.n as bigint) * (moments.n - 1))
        end as variance,
        quartiles.q1,
        quartiles.median,
        quartiles.q3
    from moments
    left join quartiles on moments.variable = quartiles.variable and moments.respgrp = quartiles.respgrp
),

number_rows as (
    select
        here.variable,
        cast(null as varchar) as level,
        here.respgrp,
        here.n,
        here.nmiss,
        here.mean,
        cast(round(sqrt(here.variance), 4) as decimal(18, 4)) as sd,
        cast(here.median as decimal(18, 6)) as median,
        cast(here.q1 as decimal(18, 6)) as q1,
        cast(here.q3 as decimal(18, 6)) as q3,
        cast(null as integer) as count,
        cast(null as decimal(28, 2)) as percent,
        here.sign * (here.mean_unrounded - other.mean_unrounded)
        / nullif(sqrt((here.variance + other.variance) / 2), 0) as difference
    from described as here
    left join described as other on here.variable = other.variable and here.respgrp <> other.respgrp
),

-- Every level that either group has, in both.
levels as (
    select distinct
        categories.variable,
        categories.level,
        groups.respgrp
    from categories
    cross join groups
    where categories.level is not null
),

counted as (
    select
        levels.variable,
        levels.level,
        levels.respgrp,
        cast(count(categories.level) as integer) as n,
        cast(count(*) filter (where categories.respgrp is not null and categories.level is null) as integer) as nmiss,
        cast(count(*) filter (where categories.level = levels.level) as integer) as count
    from levels
    left join categories on levels.variable = categories.variable and levels.respgrp = categories.respgrp
    group by levels.variable, levels.level, levels.respgrp
),

shares as (
    select
        *,
        case respgrp when 'RESPONSE' then 1 else -1 end as sign,
        cast(count as double) / nullif(n, 0) as share
    from counted
),

category_rows as (
    select
        here.variable,
        here.level,
        here.respgrp,
        here.n,
        here.nmiss,
        cast(null as decimal(28, 4)) as mean,
        cast(null as decimal(18, 4)) as sd,
        cast(null as decimal(18, 6)) as median,
        cast(null as decimal(18, 6)) as q1,
        cast(null as decimal(18, 6)) as q3,
        here.count,
        {{ divide_half_away('100 * here.count', 'here.n', 2) }} as percent,
        here.sign * (here.share - other.share)
        / nullif(sqrt((here.share * (1 - here.share) + other.share * (1 - other.share)) / 2), 0) as difference
    from shares as here
    inner join shares as other
        on here.variable = other.variable and here.level = other.level and here.respgrp <> other.respgrp
),

side_by_side as (
    select * from number_rows
    union all
    select * from category_rows
)

select
    {{ studyid() }} as studyid,
    variable,
    coalesce(level, 'ALL') as level,
    respgrp,
    n,
    nmiss,
    mean,
    sd,
    median,
    q1,
    q3,
    count,
    percent,
    cast(round(difference, 4) as decimal(18, 4)) as stddiff
from side_by_side
order by variable, level, respgrp
