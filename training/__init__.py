"""Fit and judge models: ``python -m training --help``. No part of the installed package."""
