"""Identifiers of records: JSON, kept as it stood where it was some, and text of it for people.

They stay bytes, whether or not Python has such a value: long numbers, ``1e400``, half a
surrogate pair.
"""

import json
from typing import Any

import orjson

# Not orjson's: what it returns holds a kilobyte at least for as long as it lives.
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def as_json(value: Any) -> bytes:
    """Write a value as an identifier.

    Parameters
    ----------
    value : object
        What JSON has a value for.

    Returns
    -------
    bytes
        JSON.
    """
    return _encode(value).encode()


def as_text(identifier: bytes | None) -> str | None:
    r"""Give an identifier as text.

    Parameters
    ----------
    identifier : bytes or None
        JSON, if there is one.

    Returns
    -------
    str or None
        The string, if it is one; else its JSON.

    Examples
    --------
    >>> as_text(b'"page"'), as_text(b"[1, 2]"), as_text(rb'"\ud800"')
    ('page', '[1, 2]', '"\\ud800"')
    """
    if identifier is None:
        return None
    if identifier.startswith(b'"'):
        try:
            return str(orjson.loads(identifier))
        except orjson.JSONDecodeError:  # half a surrogate pair
            pass
    return identifier.decode()
