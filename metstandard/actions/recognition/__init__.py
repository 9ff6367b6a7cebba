"""Recognition: nominating, seconding, eligibility, incidents, teams, and what follows, one file per stage."""
