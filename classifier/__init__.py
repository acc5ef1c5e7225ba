r"""linesift: label every line of a web page's plain text, and filter documents with it.

>>> from classifier import LineClassifier, FilterPolicy
>>> clf = LineClassifier.load()
>>> page = "Home\n\nThe bridge is open again, the city says."
>>> [line.text for line in clf.label(page)]
['Home', 'The bridge is open again, the city says.']
>>> clf.filter(page, FilterPolicy(drop=())).text == page
True
"""

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"
__all__ = [
    "LABELS",
    "Explanation",
    "FilterPolicy",
    "FilterResult",
    "LabelledBatch",
    "LabelledLine",
    "LineClassifier",
    "ModelError",
    "NothingDroppedWarning",
]

if TYPE_CHECKING:
    from classifier.explaining.explanation import Explanation
    from classifier.labels import LABELS
    from classifier.model import LineClassifier
    from classifier.policy import FilterPolicy, NothingDroppedWarning
    from classifier.results import FilterResult, LabelledBatch, LabelledLine
    from classifier.weights.model_contents import ModelError
else:
    _HOMES = {
        "LABELS": "labels",
        "Explanation": "explaining.explanation",
        "FilterPolicy": "policy",
        "FilterResult": "results",
        "LabelledBatch": "results",
        "LabelledLine": "results",
        "LineClassifier": "model",
        "ModelError": "weights.model_contents",
        "NothingDroppedWarning": "policy",
    }

    def __getattr__(name: str) -> Any:
        """Load a public name when it is asked for.

        They need NumPy, and the command must answer a Ctrl-C, or print its
        help, in less time than that takes to load.
        """
        from importlib import import_module

        if name not in _HOMES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        globals()[name] = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
        return globals()[name]

    def __dir__() -> list[str]:
        """List public names that are not loaded yet, too: `help` and completion ask for them."""
        return sorted({*globals(), *__all__})
