"""Adapters: the same filter inside the engines that people already run, a module each.

What they take, each what its engine has a place for:

text_column : str
    Column of strings. A null stays null.
policy : FilterPolicy, optional
    What is dropped; everything but content if absent. A document that it
    drops leaves the data.
model : path, optional
    A model file; the bundled model if absent. Each worker process loads it
    once, from this path on its own machine.
stats_column : str, optional
    A column to add, of structs or dicts: ``documents`` (1), ``lines`` and
    ``characters`` by label (not of addresses of links, nor invisible ones),
    ``content_ratio`` (0–1), ``paywalled``, ``truncated``. Null where the text is.
"""
