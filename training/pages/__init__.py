"""Labelled pages: pointers and labels without text, their HTML, corrections, checks."""
