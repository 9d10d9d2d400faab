"""Whole nights through the real load: real files, real Dagster instance, real second processes, real kills."""
