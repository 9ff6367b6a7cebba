"""Real rows for tests: one small programme with everybody a review needs."""
