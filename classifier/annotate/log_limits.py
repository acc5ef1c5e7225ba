"""What a log can hold of a record that reads as JSON, and what it cannot."""

import json
from collections.abc import Collection
from typing import Any

import orjson

from classifier.lines import encode_text

MAX_DIGITS = 4000  # that Python makes a whole number of


class UnfitError(Exception):
    """A record that reads as JSON and that a log cannot hold: half a character, mostly."""


def decode_json(value: bytes, others: Collection[str] | None) -> Any:
    """Decode JSON, with infinity for what is too large a number if not all of it is wanted.

    Parameters
    ----------
    value : bytes
    others : collection of str or None
        Names of the fields that are wanted; all if absent.

    Returns
    -------
    object

    Raises
    ------
    ValueError
        If it is no JSON, or all of it is wanted and a log cannot hold it.
    """
    if others is None:  # to be written again, where JSON has no infinity
        orjson.loads(value)  # refuses what a log cannot hold, but rounds long numbers
        return json.loads(value)
    return json.loads(value, parse_int=_whole_number)


def checked_fields(kept: dict[str, Any], others: Collection[str] | None) -> dict[str, Any]:
    """Give the fields of a record, which a log can hold if it is to hold them.

    Parameters
    ----------
    kept : dict
    others : collection of str or None
        As for `decode_json`.

    Returns
    -------
    dict
        The same.

    Raises
    ------
    UnfitError
        If all are wanted and a log cannot hold one.
    """
    if others is None:
        try:
            require_writable(kept)
        except ValueError as error:
            raise UnfitError(f"a log cannot hold one of its fields: {error}") from None
    return kept


def require_writable(fields: dict[str, Any]) -> None:
    """Refuse fields that can be read and not be written again: nested too deep, mostly.

    Parameters
    ----------
    fields : dict

    Raises
    ------
    ValueError
        If a log, or a file of an export, cannot hold them.
    """
    try:
        orjson.dumps([[fields]])  # no file nests them deeper: a task for Label Studio, in a list
    except TypeError as error:
        raise ValueError(str(error)) from None


def require_utf8(text: str, what: str) -> None:
    """Refuse half a character.

    Parameters
    ----------
    text : str
    what : str
        What the text is, for the message.

    Raises
    ------
    UnfitError
        If it holds a lone surrogate.
    """
    try:
        encode_text(text, what)
    except ValueError as error:
        raise UnfitError(str(error)) from None


def _whole_number(digits: str) -> float:
    """Read digits, far too many of them as infinity."""
    return int(digits) if len(digits) <= MAX_DIGITS else float(digits)
