"""What a review is marked against: levels, criteria, exact arithmetic and the award. Pure: no database, no Flask."""
