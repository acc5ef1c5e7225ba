"""Why a policy drops a whole document, in words."""

REASONS = {
    "content_chars": "too little content",
    "content_ratio": "too small a share of content",
}


def describe_reason(reason: str) -> str:
    """Put a reason of `classifier.statistics.document_reasons` into words.

    Parameters
    ----------
    reason : str

    Returns
    -------
    str
        The reason itself where there are no other words.

    Examples
    --------
    >>> describe_reason("content_chars")
    'too little content'
    >>> describe_reason("paywalled")
    'paywalled'
    """
    return REASONS.get(reason, reason)
