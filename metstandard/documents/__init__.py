"""From plain data to PDF: certificate, report, and the process that renders them."""
