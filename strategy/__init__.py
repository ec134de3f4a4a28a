"""Strategy Discussions: convene, chase and record multi-agency discussions about children at risk of significant harm."""
