"""What is stored with a model: what it was fitted on and how, and how well it does."""

import datetime
import importlib.metadata
from pathlib import Path

import classifier
from classifier import storage
from classifier.adapt.labelled_pages import text_digest
from classifier.weights import Layers
from training.corpus import Corpus
from training.fitting import (
    boosting,
    calibration,
    first_layer,
    fit,
    gathering,
    material,
    outlooks,
    refitting,
    thinning,
)

LIBRARIES = ("numpy", "scipy", "scikit-learn", "catboost", "numba")
RECIPE = {  # constants, by the module that has them
    first_layer: "TABLE_BITS TOKEN_SCALES SGD_PENALTY SGD_RATE SGD_EPOCHS",
    outlooks: "LINES_ABOVE PAGE_SHARE",
    material: "OPENING_WEIGHT",
    gathering: "PHRASE_WEIGHT INVENTED_WEIGHT CONTEXT_WEIGHTS VIEW_WEIGHT "
    "PLACED_SHARE N_DRAWS PLACED_VIEWS PLACED_WEIGHT PLACED_CONTENT_WEIGHT REPEATED_WEIGHT",
    thinning: "LEAST_CHANCE CHANCE_OF_ERROR",
    boosting: "CROSS_PENALTY LABEL_WEIGHTS",
    refitting: "STEPS",
    fit: "N_SECOND_CROSSES SECOND_RATE SECOND_HOLD N_THIRD_CROSSES THIRD_RATE THIRD_HOLD CARRY",
    calibration: "LABEL_WEIGHTS",
}


def save_model(path: Path, layers: Layers, corpus: Corpus, scores: dict) -> None:
    """Store a model with what it was fitted on, its recipe and how well it does out of fold.

    Parameters
    ----------
    path : Path
    layers : Layers
    corpus : Corpus
        What it was fitted on.
    scores : dict
        As `training.judging.scores.scores` gathers them.
    """
    metadata = {
        "version": classifier.__version__,
        "date": datetime.datetime.now(datetime.UTC).date().isoformat(),
        "data_sha256": corpus.sha256,
        "n_documents": len(corpus.texts),
        "n_lines": len(corpus.labels),
        "pages": sorted(map(text_digest, corpus.texts)),
        "libraries": {name: importlib.metadata.version(name) for name in LIBRARIES},
        "recipe": {
            module.__name__.rpartition(".")[2]: {
                name.lower(): getattr(module, name) for name in names.split()
            }
            for module, names in RECIPE.items()
        },
        "scores": {name: value for name, value in scores.items() if name != "loss_table"},
        "loss_table": scores.get("loss_table", []),
    }
    storage.save_model(path, layers, metadata, compresslevel=9)
