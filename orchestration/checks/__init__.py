"""Every rule of `validation` as a Dagster asset check, on the table it looks at."""
