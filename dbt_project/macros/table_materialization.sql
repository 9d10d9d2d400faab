{#-
    How a table is made: dropped and created again in one transaction, so that whoever is killed leaves the old one whole.

    dbt-duckdb builds it under another name, renames the old one and the new one, and drops the old one in the end. That is
    for tables which others may look at meanwhile; nobody looks at these (docs/architecture.md, "Publish"), and it took a
    fifth of the time of a small load.
-#}
{% materialization table, adapter='duckdb' %}
    {%- set existing_relation = load_cached_relation(this) -%}
    {%- set target_relation = this.incorporate(type='table') -%}

    {{ run_hooks(pre_hooks, inside_transaction=True) }}
    {% if existing_relation is not none %}
        {{ adapter.drop_relation(existing_relation) }}
    {% endif %}
    {% call statement('main') -%}
        {{ create_table_as(False, target_relation, compiled_code) }}
    {%- endcall %}
    {% do persist_docs(target_relation, model) %}
    {{ run_hooks(post_hooks, inside_transaction=True) }}
    {{ adapter.commit() }}

    {{ return({'relations': [target_relation]}) }}
{% endmaterialization %}
