"""Letters: composed and owed in the transaction of the act, delivered later by the worker."""
