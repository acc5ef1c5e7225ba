"""Facts and patterns of a line in plain words, by the codes that the kernels give them."""

import numpy as np

# By code of the fact, as `measures` of the first layer and the character tables have them.
ENDINGS = (
    "a letter that is no capital (or a combining mark)",
    "a capital",
    "a digit",
    "a character of an unspaced script",
    "a full stop",
    "an exclamation mark",
    "a question mark",
    "a colon",
    "a comma",
    "an ellipsis",
    "a quotation mark",
    "a bracket",
    "an arrow",
    "another punctuation mark",
    "a symbol",
    "an invisible character",
)
BEGINNINGS = (
    "a letter that is no capital (or a combining mark or something invisible)",
    "a capital",
    "a digit",
    "a character of an unspaced script",
    "a bullet",
    "a dash",
    "a quotation mark",
    "a bracket",
    "an arrow",
    "# or @",
    "a sign",
    "a currency sign",
)
SHARES = ("no", "under 5 %", "5 to 10 %", "10 to 20 %", "20 to 40 %", "40 to 70 %", "over 70 %")
FACTS: dict[str, tuple[str, ...]] = {
    "ending": tuple(f"ends with {sign}" for sign in ENDINGS),
    "beginning": tuple(f"begins with {sign}" for sign in BEGINNINGS),
    "capitals": (
        *(f"{share} capitals" for share in SHARES),
        "all in capitals",
        "no letters with case",
    ),
    "digits": tuple(f"{share} digits" for share in SHARES),
    "marks": tuple(f"{share} signs" for share in SHARES),
    "indent": ("not indented", "indented", "indented", "indented", "far indented"),
    "title_case": (
        "no words between spaces",
        "no capitalised word",
        "some capitalised words",
        "every word capitalised",
    ),
    "unspaced": (
        "written with spaces",
        "mostly written with spaces",
        "partly written without spaces",
        "written without spaces",
    ),
    "blank_before": (
        "no blank line before it",
        "a blank line before it",
        "two blank lines before it",
        "three or more blank lines before it",
    ),
}
PATTERNS = {
    "price": "a price",
    "currency": "a currency sign",
    "date": "a date",
    "time": "a time of day",
    "year": "a year",
    "url": "a web address",
    "email": "an e-mail address",
    "placeholder": "a placeholder like {{name}}",
    "glued": "words glued together",
    "percent": "a percentage",
    "handle": "an @name",
    "copyright": "a copyright sign",
    "long_number": "a long number",
    "ellipsis": "an ellipsis",
    "truncated_read": "more than is read of a line",
    "arrow": "an arrow",
}


def describe_fact(name: str, value: int) -> str:
    """Say what a fact of a line is.

    Parameters
    ----------
    name : str
        One of `classifier.kernels.first_layer.feature_layout.FACT_NAMES`.
    value : int
        Which of its values, from 0.

    Returns
    -------
    str

    Examples
    --------
    >>> describe_fact("length", 8), describe_fact("ending", 4)
    ('24 to 31 characters', 'ends with a full stop')
    """
    if name == "length":
        return _count(value + 1, "character")
    if name == "words":
        return _count(value, "word")
    if name == "separators":
        return _count(value, "separator")
    return FACTS[name][value]


def _count(bucket: int, unit: str) -> str:
    """Say how many a bucket of `count_bucket` stands for."""
    from classifier.kernels.first_layer.feature_layout import FACT_NAMES, FACT_SIZES
    from classifier.kernels.first_layer.measures import COUNT_BUCKETS

    first = int(np.searchsorted(COUNT_BUCKETS, bucket))
    last = int(np.searchsorted(COUNT_BUCKETS, bucket, side="right")) - 1
    sizes = dict(zip(FACT_NAMES, FACT_SIZES, strict=True))
    is_open = last >= len(COUNT_BUCKETS) - 1 or bucket == sizes.get(f"{unit}s", 0) - 1
    if is_open:
        return f"{first} {unit}s or more"
    if first == last:
        return f"{first or 'no'} {unit}{'' if first == 1 else 's'}"
    return f"{first} to {last} {unit}s"
