"""Pages to look at: `linesift inspect`, `linesift report` and `linesift compare`.

A page is one file without outside resources. What comes from texts, names and
addresses goes through the escaping template engine or, as JSON, to scripts that
only ever set text; a content security policy allows no other script or request.
"""
