"""Correct labels in a browser: documents, what was decided on them, the page."""
