"""What a kind of work needs is loaded before the first text, whatever that holds.

Else some page would load the rest later, while another thread forks: see
`classifier.kernels.machine.loading`.
"""

from classifier.columns import read_text
from classifier.kernels.machine.loading import load_once
from classifier.policy import FilterPolicy
from classifier.processing import filter_text, process_texts
from classifier.weights import Layers

# A link, an invisible character and a line that is dropped need functions of their own.
ANY_PAGE = "Home [li\u00adnk](/)\n\nSubscribe to continue reading\n\nThe ferry was late again."


def load_for_texts(layers: Layers) -> None:
    """Load what labelling and filtering strings need.

    Parameters
    ----------
    layers : Layers
        Of any model: all need the same.
    """
    load_once("texts", lambda: filter_text(ANY_PAGE, layers, FilterPolicy(), None))


def load_for_columns(layers: Layers) -> None:
    """Load what filtering columns needs, Arrow among it.

    Parameters
    ----------
    layers : Layers
    """
    load_for_texts(layers)
    page = [ANY_PAGE]
    load_once("columns", lambda: process_texts(page, layers, FilterPolicy(), None, False))


def load_for_explanations(layers: Layers) -> None:
    """Load what explaining needs.

    Parameters
    ----------
    layers : Layers
    """
    load_for_texts(layers)
    load_once("explanations", lambda: _explain_any(layers))


def _explain_any(layers: Layers) -> None:
    from classifier.explaining.explanation import explain_line

    str(explain_line(read_text(ANY_PAGE), 0, layers))
