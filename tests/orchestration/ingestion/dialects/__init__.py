"""Tests of `orchestration.ingestion.dialects`."""
