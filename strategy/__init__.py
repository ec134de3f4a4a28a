"""Strategy Discussions: convene, chase and record multi-agency discussions about significant harm."""
