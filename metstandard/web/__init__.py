"""HTTP and nothing else: one door per audience, and what the doors share."""
