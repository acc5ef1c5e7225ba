"""Find values inside one JSON record, with their exact places.

The standard library's scanner does the work; the walk over an object's
members is done here because that scanner keeps no positions.
"""

import re
from json import JSONDecodeError, JSONDecoder
from json.decoder import scanstring
from typing import Any, NamedTuple, NoReturn

Names = tuple[frozenset[str], ...]
"""A path of field names; each name in the spellings that count as equal."""


class Found(NamedTuple):
    """A value and its place: ``record[start:end]`` is its JSON."""

    value: Any
    start: int
    end: int


class DuplicateFieldError(ValueError):
    """A wanted field stands twice in its object."""


def field_names(dotted: str) -> Names:
    """Split ``a.b`` into names, as `find_values` takes them.

    Records are scanned as Latin-1, a character a byte, so a name in other
    letters also counts in that form.
    """
    names = dotted.split(".")
    return tuple(frozenset({name, name.encode().decode("latin-1")}) for name in names)


def find_values(record: str, paths: tuple[Names, ...]) -> list[Found | None]:
    r"""Check that `record` is one JSON object and find values in it.

    Parameters
    ----------
    record : str
        JSON, either all ASCII or UTF-8 bytes decoded as Latin-1: every sign
        that structures JSON is ASCII, so places and checks hold for both.
    paths : tuple of Names
        Paths of the wanted values.

    Returns
    -------
    list of Found or None
        One a path; None where the record has no such field.

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
    >>> find_values('{"a": {"b": "x"}}', (field_names("a.b"),))
    [Found(value='x', start=12, end=15)]
    """
    found: list[Found | None] = [None] * len(paths)
    try:
        start = _skip(record, 0)
        if record[start] == "{":
            end = _walk(record, start, [(i, path) for i, path in enumerate(paths)], found)
        else:
            _, end = _scan(record, start)
    except IndexError:
        raise JSONDecodeError("it ends too early", record, len(record)) from None
    except StopIteration as stop:
        raise JSONDecodeError("a value is missing", record, stop.value) from None
    if record[end:].strip(" \t\n\r"):
        raise JSONDecodeError("more follows after the value", record, end)
    if record[start] != "{":
        raise TypeError("not an object")
    return found


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON value")


# Numbers stay text: they are only passed over, whatever their size.
_scan = JSONDecoder(parse_float=str, parse_int=str, parse_constant=_refuse_constant).scan_once
_space = re.compile(r"[ \t\n\r]+")


def _skip(record: str, at: int) -> int:
    """Pass over white space."""
    if record[at] > " ":  # the usual case: there is none
        return at
    match = _space.match(record, at)
    return at if match is None else match.end()


def _walk(record: str, at: int, wanted: list[tuple[int, Names]], found: list[Found | None]) -> int:
    """Scan the object that begins at `at`; return the place after it."""
    names = frozenset().union(*(path[0] for _, path in wanted))
    seen: set[str] = set()
    at = _skip(record, at + 1)
    if record[at] == "}":
        return at + 1
    while True:
        if record[at] != '"':
            raise JSONDecodeError("a field name is missing", record, at)
        key, at = scanstring(record, at + 1)
        at = _skip(record, at)
        if record[at] != ":":
            raise JSONDecodeError("a colon is missing", record, at)
        start = _skip(record, at + 1)
        here = [(i, path) for i, path in wanted if key in path[0]] if key in names else []
        inside = [(i, path[1:]) for i, path in here if len(path) > 1]
        if here and key in seen:
            raise DuplicateFieldError(key)
        seen.add(key)
        if inside and record[start] == "{":
            at = _walk(record, start, inside, found)
            value: Any = {}
        else:
            value, at = _scan(record, start)
        for i, path in here:
            if len(path) == 1:
                found[i] = Found(value, start, at)
        at = _skip(record, at)
        if record[at] == "}":
            return at + 1
        if record[at] != ",":
            raise JSONDecodeError("a comma is missing", record, at)
        at = _skip(record, at + 1)
