"""Ingestion: real files in a landing folder, real DuckDB, no mocks."""
