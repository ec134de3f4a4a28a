"""Forms: what a person typed, checked field by field. They decide nothing and store nothing."""
