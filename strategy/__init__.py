"""Strategy Discussions: convene, chase and record multi-agency discussions when a child may be at risk of harm."""
