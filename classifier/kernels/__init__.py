"""Loops over bytes, lines and crosses that run as machine code; see `machine` for how."""
