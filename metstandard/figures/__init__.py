"""Small drawings: data in, SVG text out. Pure: no database, no Flask."""
