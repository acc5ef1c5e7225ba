"""Bytes of UTF-8: characters, white space, and where lines begin and end."""
