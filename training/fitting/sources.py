"""What models are fitted on, before it is material: labelled pages, what we wrote, other views."""

from typing import NamedTuple

from training.corpus import Corpus
from training.fitting.gathering import all_material
from training.fitting.material import Material
from training.phrases import Phrases


class Sources(NamedTuple):
    """What material is made of.

    Attributes
    ----------
    corpus : Corpus
    phrases : Phrases
    invented : Corpus
        Invented pages.
    views : tuple of dict of str to Corpus
        Of gold and of other pages, by the name of the view; empty for none.
    """

    corpus: Corpus
    phrases: Phrases
    invented: Corpus
    views: tuple[dict[str, Corpus], ...] = ()

    def material(self) -> Material:
        """Make what models are fitted on here.

        Returns
        -------
        Material
        """
        return all_material(self.corpus, self.phrases, self.invented, *self.views)
