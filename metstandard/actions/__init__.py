"""What people do: one function per act, one file per stage. `moving.py` is the only writer of state."""
