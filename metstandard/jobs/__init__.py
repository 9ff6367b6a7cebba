"""The worker: delivers what the outbox owes, lets the clock move what is due, reminds, clears away what has ended."""
