"""Who may sit on a panel, who should, and why: facts in, judgements out. No database and no web in here."""
