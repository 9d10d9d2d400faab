"""The review pages as text, tables and counts: landing page, site, subject, clean subjects. Plain functions.

A page is made from the published database alone, so it never waits for a load. What belongs here: choosing, ordering
and wording what is published. What does not: Dagster (the package around this one shows the pages), deciding anything
(orchestration.findings), files for sites (orchestration.site_listings). The pages stay in the house, like the
published tables: a finding's sentence stands as it is; no other free text does.
"""

from orchestration.review.pages.clean_subjects import clean_subjects
from orchestration.review.pages.landing import landing_page
from orchestration.review.pages.page import Page
from orchestration.review.pages.published import NotThereError, sites
from orchestration.review.pages.site import SitePages, site_page
from orchestration.review.pages.subject import subject_page

__all__ = ["NotThereError", "Page", "SitePages", "clean_subjects", "landing_page", "site_page", "sites", "subject_page"]
