"""Texts and weights to try: pieces of text that kernels get wrong most easily, random layers."""

import numpy as np
from hypothesis import strategies as st

from classifier.weights import (
    ContextLayer,
    FirstLayer,
    Layers,
    blank_context_layer,
    blank_first_layer,
)

BITS = 12  # of a table index: small, so that tokens also share places

WORDS = [
    *("a", "Z", "the", "The", "seven77", "eight888", "nine99999", "sixteen16letters"),
    *("ABCDEFG", "ABCDEFGH", "ABCDEFGHI", "IconFacebook", "iPhone", "éÉcole", "x" * 41),
    *("Straße", "İstanbul", "ıspanak", "Ελλάδα", "ΣΊΣΥΦΟΣ", "ДОСТУП", "только", "Ёлка"),
    *("abcdeЖ", "Жabcdefg", "seven77é", "ﬁne", "Ａｂｃ", "ſtreet", "K", "e\u0301", "E\u0301A"),
    *("اشتراك", "שלום", "नमस्ते", "தமிழ்", "한국어", "ქართული", "Հայերեն"),
    *("語", "会員限定", "カタカナ", "ｶﾀｶﾅ", "ประเทศ", "ខ្មែរ", "𠮷野", "𝐁old", "𐐀𐐨", "Ǆ", "ǅ"),
    *("0", "12", "2024", "1234567", "٣", "４２", "१२३", "𝟗", "½", "Ⅳ", "a1", "1a", "1A"),
]
SIGNS = [
    *"!?.,:;-–—/|·•*#@%&_<>»›→\"'“„«()[]{}【】。、！？",
    *("...", "…", "://", "{{", "}}", "[[", "€", "$", "£", "￥", "₹", "¢", "©", "™", "😀", "👩‍👩‍👧"),
]
SPACES = [" ", "  ", "\t", "\r", "\xa0", "\u2003", "\u2028", "\u3000", "\x0b", "\x1f", "\x85"]
IGNORED = ["\0", "\x7f", "\xad", "\u200b", "\u200d", "\ufeff", "\u2060", "\ue000", "\U000e0041"]

pieces = st.sampled_from(WORDS) | st.sampled_from(SIGNS) | st.sampled_from(SPACES)
anything = pieces | st.sampled_from(IGNORED) | st.characters(exclude_categories=["Cs"])
short_lines = st.lists(anything, max_size=12).map("".join)
# Around and beyond what is read of a line; the ends need a printed character.
long_lines = st.builds(
    lambda head, size, tail: "".join([*head, "é", *(head * size), *tail, "語"]),
    st.lists(anything, min_size=4, max_size=10),
    st.integers(5, 40),
    st.lists(anything, max_size=10),
)
lines = short_lines | short_lines | short_lines | long_lines
texts = st.lists(lines, max_size=8).map("\n".join)
seeds = st.integers(0, 2**32 - 1)


def random_first_layer(seed: int, bits: int = BITS) -> FirstLayer:
    rng = np.random.default_rng(seed)
    blank = blank_first_layer(bits)
    return FirstLayer(
        rng.integers(0, 2**64, blank.table.shape, np.uint64),
        rng.normal(size=blank.shape.shape).astype(np.float32),
        rng.uniform(0, 0.1, blank.scale.shape).astype(np.float32),
        rng.normal(size=blank.bias.shape).astype(np.float32),
    )


def random_context_layer(seed: int, n_crosses: int = 9) -> ContextLayer:
    from classifier.kernels.context.inputs import N_INPUTS

    rng = np.random.default_rng(seed)
    blank = blank_context_layer(n_crosses)
    return ContextLayer(
        rng.integers(0, N_INPUTS, blank.inputs.shape, np.int16),
        # Most columns hold small numbers.
        rng.choice([0, 1, 2, 4, 8, 16, 64, 128, 200], blank.borders.shape).astype(np.uint8),
        rng.integers(-(2**7), 2**7, blank.weights.shape, np.int8),
        rng.uniform(0, 0.03, 4).astype(np.float32),
        rng.normal(0, 0.3, 4).astype(np.float32),
    )


def random_layers(seed: int) -> Layers:
    return Layers(
        random_first_layer(seed),
        random_context_layer(seed),
        random_context_layer(seed + 1),
        np.random.default_rng(seed).uniform(0, 1, 4).astype(np.float32),
    )
