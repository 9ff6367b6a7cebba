"""What every room may use: time, errors, identifiers, money, settings, words. No room above is imported here."""
