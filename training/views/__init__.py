"""Labelled pages as other extractors print them."""
