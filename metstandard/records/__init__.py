"""Tables, one file per noun. Rows only: what may happen to them is decided in the rooms above."""
