"""Identifiers of records: JSON that is written as it stood, and text of it for people."""

from typing import Any

import orjson


def as_json(identifier: Any) -> Any:
    """Give an identifier to `orjson.dumps` as a part of something larger.

    Parameters
    ----------
    identifier : bytes
        JSON. It is written unchanged, whether or not Python has such a value:
        long numbers, ``1e400``, half a surrogate pair.

    Returns
    -------
    orjson.Fragment
    """
    return orjson.Fragment(identifier)


def exact_json(value: Any) -> bytes:
    """Write a value as JSON that is kept.

    What orjson returns holds a kilobyte at least for as long as it lives.

    Parameters
    ----------
    value : object
        What JSON has a value for.

    Returns
    -------
    bytes
    """
    return bytes(memoryview(orjson.dumps(value)))


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
