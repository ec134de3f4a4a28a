"""Questions asked of the database, named by what they answer. They write nothing."""
