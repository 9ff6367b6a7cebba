"""Met Standard: peer-review assessment of command units, from joint commission to follow-up."""
