"""The only writers: one verb, one function. They never commit and never send."""
