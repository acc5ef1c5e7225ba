"""Files of figures: JSON that is written anew whenever there are more of them."""

import json
from pathlib import Path

from classifier.files.whole_files import new_file

SCORES = Path("data/scores.json")
TESTSET_SCORES = Path("data/testset.json")


def read_figures(path: Path) -> dict:
    """Read the figures in a file; there are none if it is not there.

    Parameters
    ----------
    path : Path

    Returns
    -------
    dict

    Raises
    ------
    ValueError
        If it holds no JSON object.
    """
    if not path.exists():
        return {}
    try:
        figures = json.loads(path.read_text("utf-8"))
    except ValueError as error:
        raise ValueError(f"{path}: is no JSON ({error})") from None
    if not isinstance(figures, dict):
        raise ValueError(f"{path}: holds no figures, which are a JSON object")
    return figures


def write_figures(path: Path, figures: dict) -> None:
    """Write figures; whoever stops this leaves the file as it was before.

    Parameters
    ----------
    path : Path
    figures : dict
        What JSON has values for.
    """
    with new_file(path) as file:
        file.write(f"{json.dumps(figures, indent=1)}\n".encode())
