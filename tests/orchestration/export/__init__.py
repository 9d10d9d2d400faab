"""Exports of small publications, written and read back."""
