"""How long names of files may be, and what stands for one that leaves no room for more."""

import hashlib
import os

# File systems take no longer names; one that just fits leaves no room for more around it.
MAX_NAME_BYTES = 255


def with_room(name: str, n_bytes: int) -> str:
    """Give a file's name, or a digest of one that leaves no room for `n_bytes` more.

    Parameters
    ----------
    name : str
        Without its folder.
    n_bytes : int

    Returns
    -------
    str
        The name, or 64 hexadecimal digits.
    """
    encoded = os.fsencode(name)
    # One that is too long itself stays, so that writing fails at once and not in the end.
    if MAX_NAME_BYTES - n_bytes < len(encoded) <= MAX_NAME_BYTES:
        return hashlib.sha256(encoded).hexdigest()
    return name
