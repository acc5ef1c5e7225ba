r"""linesift: label every line of a web page's plain text, and filter documents with it.

>>> from classifier import LineClassifier, FilterPolicy
>>> clf = LineClassifier.load()
>>> page = "Home\n\nThe bridge is open again, the city says."
>>> [line.text for line in clf.label(page)]
['Home', 'The bridge is open again, the city says.']
>>> clf.filter(page, FilterPolicy(drop=())).text == page
True
"""

from classifier.filtering import FilterPolicy
from classifier.labels import LABELS
from classifier.model import LineClassifier
from classifier.results import FilterResult, LabelledBatch, LabelledLine
from classifier.storage import ModelError

__version__ = "0.1.0"
__all__ = [
    "LABELS",
    "FilterPolicy",
    "FilterResult",
    "LabelledBatch",
    "LabelledLine",
    "LineClassifier",
    "ModelError",
]
