"""The public door. Each file holds the routes of one stage and is imported here, so that they are registered."""

from metstandard.web.public import about, certificates, conditional, languages, papers, register, sitemap  # noqa: F401  importing adds the routes
from metstandard.web.public.door import door

__all__ = ["door"]
