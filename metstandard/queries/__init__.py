"""Reads for pages, letters and papers. A query carries its permission: what a person may not know of is not found."""
