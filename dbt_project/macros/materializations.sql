{#-
    How tables and views are made: dropped, created and commented in one statement of one transaction, so that whoever is
    killed leaves the old one whole.

    dbt-duckdb builds each under another name, renames the old one and the new one, and drops the old one in the end. That
    is for tables which others may look at meanwhile; nobody looks at these (docs/architecture.md, "Publish"), and every
    statement costs dbt more than it costs DuckDB: with this, a small load derives in two thirds of the time.
-#}
{% materialization table, adapter='duckdb' %}
    {%- set target_relation = make_way_for(this.incorporate(type='table')) -%}
    {% call statement('main') -%}
        drop table if exists {{ target_relation }};
        {{ create_table_as(False, target_relation, compiled_code) }};
        {{ comments_on(target_relation) }}
    {%- endcall %}
    {{ run_hooks(post_hooks, inside_transaction=True) }}
    {{ adapter.commit() }}
    {{ return({'relations': [target_relation]}) }}
{% endmaterialization %}

{% materialization view, adapter='duckdb' %}
    {%- set target_relation = make_way_for(this.incorporate(type='view')) -%}
    {% call statement('main') -%}
        create or replace view {{ target_relation }} as (
            {{ compiled_code }}
        );
        {{ comments_on(target_relation) }}
    {%- endcall %}
    {{ run_hooks(post_hooks, inside_transaction=True) }}
    {{ adapter.commit() }}
    {{ return({'relations': [target_relation]}) }}
{% endmaterialization %}

{#- The relation, after what runs before it and once what was a table and becomes a view, or the other way round, is gone. -#}
{% macro make_way_for(target_relation) -%}
    {{ run_hooks(pre_hooks, inside_transaction=True) }}
    {%- set existing_relation = load_cached_relation(target_relation) -%}
    {% if existing_relation is not none and existing_relation.type != target_relation.type %}
        {{ adapter.drop_relation(existing_relation) }}
    {% endif %}
    {{ return(target_relation) }}
{%- endmacro %}

{#- What the YAML says of the table and of each column, where persist_docs asks for it. -#}
{% macro comments_on(relation) -%}
    {% if config.persist_relation_docs() and model.description %}
        {{ alter_relation_comment(relation, model.description) }}
    {% endif %}
    {% if config.persist_column_docs() %}
        {%- for name, column in model.columns.items() %}
            comment on column {{ relation }}.{{ adapter.quote(name) }} is {{ duckdb_escape_comment(column.description) }};
        {%- endfor %}
    {% endif %}
{%- endmacro %}
