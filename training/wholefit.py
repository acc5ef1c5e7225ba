"""One model of all folds, kept until pages, labels, features or recipe change."""

from pathlib import Path

from classifier.storage import load_model, save_model
from classifier.weights import Layers
from training.crossfit import recipe_key
from training.fit import fit_model
from training.material import Material


def whole_fit(material: Material, work: Path) -> Layers:
    """Fit on everything, not calibrated.

    Parameters
    ----------
    material : Material
    work : Path
        Folder where the finished model is kept, beside those of `cross_fit`.
    """
    path = work / recipe_key(material) / "whole.npz"
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        save_model(path, fit_model(material), {})
    return load_model(path)[0]
