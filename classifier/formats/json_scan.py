"""Find values inside one JSON record, with their exact places.

The standard library's scanner does the work; the walk over an object's
members is done here because that scanner keeps no positions.
"""

import re
from json import JSONDecodeError, JSONDecoder
from json.decoder import scanstring  # type: ignore[attr-defined]  # undocumented, stable since 2.6
from typing import NamedTuple

MORE = "more follows after the value"
Names = tuple[str, ...]
"""A path of field names."""
Paths = tuple[Names, ...]
"""Paths that a value may have, the preferred one first."""


class Found(NamedTuple):
    """The place of a value: ``record[start:end]`` is its JSON."""

    start: int
    end: int


class DuplicateFieldError(ValueError):
    """A wanted field stands twice in its object."""


def field_paths(name: str) -> Paths:
    """Give the paths of ``a.b``: a field of this name, or b inside of a.

    Parameters
    ----------
    name : str

    Returns
    -------
    Paths
        The field of this name comes first.
    """
    own, inner = (name,), tuple(name.split("."))
    return (own,) if own == inner else (own, inner)


def find_values(record: str, wanted: tuple[Paths, ...]) -> list[Found | None]:
    r"""Check that `record` is one JSON object and find values in it.

    Parameters
    ----------
    record : str
        JSON, either all ASCII or UTF-8 bytes decoded as Latin-1: every sign
        that structures JSON is ASCII, so places and checks hold for both.
    wanted : tuple of Paths
        Where the wanted values may be.

    Returns
    -------
    list of Found or None
        One for each wanted value; None where the record has no such field. What is inside of
        a string is not checked: who wants it must decode it.

    Raises
    ------
    ValueError
        If the record is no JSON (`json.JSONDecodeError`) or a wanted field
        stands twice (`DuplicateFieldError`).
    TypeError
        If the record is JSON, but no object.
    RecursionError
        If it is nested too deeply to be read.

    Examples
    --------
    >>> find_values('{"a": {"b": "x"}}', (field_paths("a.b"),))
    [Found(start=12, end=15)]
    """
    paths = [path for choices in wanted for path in choices]
    found: list[Found | None] = [None] * len(paths)
    try:
        start = _skip(record, 0)
        if record[start] == "{":
            end = _walk(record, start, list(enumerate(paths)), found)
        else:
            _, end = _scan(record, start)
    except IndexError:
        raise JSONDecodeError("it ends too early", record, len(record)) from None
    except StopIteration as stop:
        raise JSONDecodeError("a value is missing", record, stop.value) from None
    if record[end:].strip(" \t\n\r"):
        raise JSONDecodeError(MORE, record, end)
    if record[start] != "{":
        raise TypeError("not an object")
    each = iter(found)
    preferred: list[Found | None] = []
    for choices in wanted:
        places = [place for place in [next(each) for _ in choices] if place]
        for place in places[1:]:  # nobody decodes those, which checks them
            _scan(record, place.start)
        preferred.append(places[0] if places else None)
    return preferred


# Numbers stay text: they are only passed over, whatever their size. So are NaN and Infinity,
# which are no JSON but written by many, Python's own writer among them.
_decoder = JSONDecoder(parse_float=str, parse_int=str, parse_constant=str)
_scan = _decoder.scan_once  # type: ignore[attr-defined]
_skip_space = re.compile(r"[ \t\n\r]*").match
_match_name = re.compile(r'"([^"\\\x00-\x1f]*)"[ \t\n\r]*:[ \t\n\r]*').match
_match_end = re.compile(r"[ \t\n\r]*([,}])[ \t\n\r]*").match


def _skip(record: str, at: int) -> int:
    """Pass over white space."""
    return _skip_space(record, at).end()  # type: ignore[union-attr]  # it always matches


def _walk(record: str, at: int, wanted: list[tuple[int, Names]], found: list[Found | None]) -> int:
    """Scan the object that begins at `at`; return the place after it."""
    names = {path[0] for _, path in wanted}
    seen: set[str] = set()
    at = _skip(record, at + 1)
    if record[at] == "}":
        return at + 1
    while True:
        name_match = _match_name(record, at)
        if name_match is not None:
            key, start = _as_utf8(name_match[1]), name_match.end()
        else:
            key, start = _name_with_escapes(record, at)
        here = [(i, path) for i, path in wanted if key == path[0]] if key in names else []
        inside = [(i, path[1:]) for i, path in here if len(path) > 1]
        if here and key in seen:
            raise DuplicateFieldError(key)
        seen.add(key)
        if inside and record[start] == "{":
            at = _walk(record, start, inside, found)
        elif len(here) > len(inside) and record[start] == '"':
            at = _string_end(record, start)  # a wanted value: who decodes it checks it
        else:
            _, at = _scan(record, start)
        for i, path in here:
            if len(path) == 1:
                found[i] = Found(start, at)
        end_match = _match_end(record, at)
        if end_match is None:
            raise JSONDecodeError("a comma or brace is missing", record, at)
        at = end_match.end()
        if end_match[1] == "}":
            return at


def _name_with_escapes(record: str, at: int) -> tuple[str, int]:
    """Read a field's name the long way; return it and the place of its value."""
    if record[at] != '"':
        raise JSONDecodeError("a field name is missing", record, at)
    name, end = scanstring(record, at + 1)
    between = record[at + 1 : end]
    if not between.isascii():
        name, _ = scanstring(_as_utf8(between), 0)
    at = _skip(record, end)
    if record[at] != ":":
        raise JSONDecodeError("a colon is missing", record, at)
    return name, _skip(record, at + 1)


def _as_utf8(text: str) -> str:
    """Read what was scanned as Latin-1, a character a byte, as the UTF-8 that it is."""
    return text if text.isascii() else text.encode("latin-1").decode("utf-8", "surrogateescape")


def _string_end(record: str, start: int) -> int:
    """Find the end of the string that begins at `start`, without making it."""
    at = start
    while True:
        at = record.find('"', at + 1)
        if at < 0:
            raise JSONDecodeError("a string has no end", record, start)
        before = at
        while record[before - 1] == "\\":
            before -= 1
        if (at - before) % 2 == 0:
            return at + 1
