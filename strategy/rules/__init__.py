"""Pure rules: values in, values out. No database, clock, settings or network; only the vocabulary is imported."""
