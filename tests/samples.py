"""The sample pages of data/samples by name, and the letters of their labels."""

import json
from pathlib import Path

SAMPLES = Path(__file__).parents[1] / "data" / "samples"
# Bytes, since reading as text would turn "\r" into "\n" and so make lines.
PAGES = {path.name: path.read_bytes().decode() for path in sorted(SAMPLES.glob("*.txt"))}
ENTRIES = json.loads((SAMPLES / "labels.json").read_text("utf-8"))
