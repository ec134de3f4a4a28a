"""SELECTs named by the question they answer. They write nothing."""
