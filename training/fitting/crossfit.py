"""Five models, each of which has not seen the groups of one fold."""

import ast
import hashlib
from pathlib import Path

from tqdm import tqdm

from classifier.kernels.first_layer.feature_layout import FEATURES_VERSION
from classifier.storage import load_model, save_model
from classifier.weights import Layers
from training.corpus import N_FOLDS
from training.fitting.fit import fit_model
from training.fitting.material import Material

# Modules beside this one that decide what a model becomes.
RECIPE = (
    *("fit", "first_layer", "thinning", "boosting", "refitting"),
    *("crossfit", "gathering", "material", "outlooks"),
)


def recipe_key(material: Material) -> str:
    """Return a name for what is fitted how: other pages, labels, features or code have another.

    Parameters
    ----------
    material : Material

    Returns
    -------
    str
        12 hexadecimal digits.
    """
    key = hashlib.sha256("\0".join(material.texts).encode("utf-8", "surrogatepass"))
    key.update(bytes([FEATURES_VERSION]))
    for array in material[1:]:
        key.update(array.tobytes())
    for module in RECIPE:
        key.update(_code(Path(__file__).with_name(f"{module}.py").read_text("utf-8")).encode())
    return key.hexdigest()[:12]


def _code(source: str) -> str:
    """Leave out comments and docstrings: that something is said better fits nothing anew."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        has_docstring = isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        if has_docstring and ast.get_docstring(node) is not None:
            del node.body[0]
    return ast.dump(tree)


def kept_folder(material: Material, work: Path) -> Path:
    """Make the folder in `work` where finished models of this material and recipe are kept.

    Parameters
    ----------
    material : Material
    work : Path

    Returns
    -------
    Path
    """
    folder = work / recipe_key(material)
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def kept_fit(material: Material, folder: Path, held_out: int | None = None) -> Layers:
    """Fit a model, or take the finished one that is kept in `folder`.

    Parameters
    ----------
    material : Material
    folder : Path
        As `kept_folder` returns it.
    held_out : int, optional
        A fold that nothing is to be learnt from.

    Returns
    -------
    Layers
    """
    path = folder / ("whole.npz" if held_out is None else f"fold-{held_out}.npz")
    if not path.exists():
        save_model(path, fit_model(material, held_out, folder), {})
    return load_model(path)[0]


def cross_fit(material: Material, work: Path) -> dict[int, Layers]:
    """Fit five models, one without each fold, by fold.

    Parameters
    ----------
    material : Material
    work : Path
        Folder for finished models; a run that was stopped, and any other of the
        same material, goes on from there.

    Returns
    -------
    dict of int to Layers
    """
    folder = kept_folder(material, work)
    folds = tqdm(range(N_FOLDS), "models", unit="fold")
    return {fold: kept_fit(material, folder, fold) for fold in folds}


def whole_fit(material: Material, work: Path) -> Layers:
    """Fit one model on everything, not calibrated, or take the finished one from `work`.

    Parameters
    ----------
    material : Material
    work : Path
        As for `cross_fit`.

    Returns
    -------
    Layers
    """
    return kept_fit(material, kept_folder(material, work))
