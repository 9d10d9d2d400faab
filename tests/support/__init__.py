"""What several tests need: running a load, running dbt over small tables. No expectations stand here."""
