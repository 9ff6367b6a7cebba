"""A score sheet for work without network: a workbook to take away, and what is made of it when it comes back."""
