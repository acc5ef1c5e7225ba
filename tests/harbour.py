"""A kind of page that no model has seen, as a harbour might print it, with its labels."""

import json

import numpy as np
from letters import codes_from_letters

from classifier.labels import LABELS

BERTHS = ["Aurelia", "Brimnes", "Corrie Belle", "Dagny", "Elsinore", "Fanø", "Gudrun", "Halcyon"]
BROKERS = ["Marlow & Sons", "Tidewater Chandlers", "Ropewalk Supplies", "Lantern Insurance"]


def harbour_page(seed):
    """Return text and letters of a page that never says the same twice in a row."""
    rng = np.random.default_rng(seed)
    lines = [("n", "Tide tables"), ("n", "Pilot roster")]
    for berth in rng.choice(BERTHS, 4, replace=False):
        lines.append(("c", f"Moored: {berth}, draught {rng.integers(2, 9)} m"))
        if rng.random() < 0.5:
            lines.append(("s", f"Chandlery: {rng.choice(BROKERS)}, berth {rng.integers(1, 40)}"))
    lines.append(("n", "Harbour office"))
    return "\n\n".join(text for _, text in lines), "".join(letter for letter, _ in lines)


def record(page, name):
    text, letters = page
    names = [LABELS[code] for code in codes_from_letters(letters)]
    return {"id": name, "text": text, "labels": names}


def write(path, records):
    path.write_text("".join(json.dumps(record) + "\n" for record in records))
    return path


def write_pages(path, n):
    """Write as many pages, each another one, as corrections; return their path."""
    return write(path, [record(harbour_page(seed), f"p{seed}") for seed in range(n)])
