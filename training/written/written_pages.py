"""Pages of a kind that no labelled page is of: day lists of a bird club, written for a trial.

Their content is short lines that look like a menu's, their offers are those of
a club, their advertising is not called so. A model that has not met such pages
takes most of the records for navigation.
"""

# ruff: noqa: SIM905 - lists of words read better as text

from collections.abc import Iterable

import numpy as np

from training.corpus import Corpus, corpus_of

N_RECORDS = (14, 40)  # a page
SPECIES = (
    "Lapwing, Curlew, Snipe, Golden Plover, Ringed Plover, Turnstone, Dunlin, Knot, Sanderling, "
    "Redshank, Greenshank, Spotted Redshank, Ruff, Black-tailed Godwit, Bar-tailed Godwit, "
    "Avocet, Oystercatcher, Little Egret, Great White Egret, Spoonbill, Grey Heron, Bittern, "
    "Shoveler, Gadwall, Wigeon, Teal, Pintail, Pochard, Tufted Duck, Goldeneye, Smew, Goosander, "
    "Marsh Harrier, Hen Harrier, Merlin, Peregrine, Hobby, Kestrel, Short-eared Owl, Barn Owl, "
    "Kingfisher, Water Rail, Stonechat, Wheatear, Whinchat, Black Redstart, Fieldfare, Redwing, "
    "Ring Ouzel, Cetti's Warbler, Sedge Warbler, Chiffchaff, Bearded Tit, Linnet, Twite, "
    "Lesser Redpoll, Snow Bunting, Reed Bunting, Yellowhammer, Corn Bunting"
).split(", ")
PLACES = (
    "Marsh Lane, North Hide, Sluice, Point, Old Quay, Reedbed, Saltings, Top Field, Heronry, "
    "Gravel Pit, Sea Wall, Car Park Pool, Screen, East Bank, Boathouse, Ferry Meadow, Weir"
).split(", ")
OBSERVERS = (
    "J. Orrin, M. Tallis, P. & S. Wray, A. Kestle, D. Umber, R. Holm, C. Faircloth, T. Ness, "
    "E. Brandreth, many observers, L. Quill, G. Padgett"
).split(", ")
NOTES = (
    "ad. male; 2 juv.; in off; over; calling; first of the year; still present; roosting; "
    "distant; ringed left leg; at dusk; two pairs; moulting; feeding close to the path"
).split("; ")
MENU = (
    "Home; Today's list; Yesterday; Year list; Site map; Tide times; Field meetings; Gallery; "
    "Ringing reports; County recorder; Join us; Contact; Accessibility; Search the list; Log in"
).split("; ")
FOOTER = (
    "Send your records; Report a broken link; Follow the club; Rules of the list; Privacy; "
    "© Tern Water Bird Club; Back to top; Older lists; Newer lists; Print this list; "
    "Share this list; Wardens' office: weekdays 9 to 5"
).split("; ")
OFFERS = (
    "Full lists are for members|Join for £18 a year and see every record|Juniors £6, families £27",
    "Records of the last seven days: members only|Membership opens the whole list from £18",
    "Already a member? Log in to see scarce breeders|A year's membership is less than a flask",
    "You have opened 3 of 3 free lists this month|Become a member from £1.50 a month|"
    "Cancel when you like",
    "The list has no grant and no owner|Give what you can: £5, £10 or £25|Give once or monthly",
)
PITCHES = (
    "Harrow & Pike Optics: 8x42 from £229|Free harness with every pair, code TERN8",
    "Lowmoor Seed Co.: 20 kg sunflower hearts £31.95|Order by noon, delivered free",
    "Wick Hide Hire: a day at the kingfisher perch £95|Book two, the third at half price",
    "Fenland Waders, now with felt soles|£20 off until Sunday",
    "Stay at The Decoy: two nights, breakfast and a packed lunch £148|Ask for the club's rate",
)
REMARKS = (
    "A quiet morning with the wind in the north-east and little moving before ten.",
    "The tide was too high for the usual count, so the waders were counted at the roost.",
    "Thanks to all who waited at the screen until the light went.",
    "No sign of yesterday's ducks, which may have gone with the thaw.",
)


def write_page(number: int, n_appeals: int) -> dict:
    """Write one page; each number gives another, and always the same.

    Parameters
    ----------
    number : int
    n_appeals : int
        How many of the offers and of the pitches may stand on it, the first ones.

    Returns
    -------
    dict
        A labelled document, a group of its own.
    """
    rng = np.random.default_rng([2, number])

    def some(lines: tuple[str, ...] | list[str], least: int, most: int) -> list[str]:
        count = int(rng.integers(least, most + 1))
        return [str(line) for line in rng.choice(lines, min(count, len(lines)), replace=False)]

    def record() -> str:
        parts = [f"{rng.choice(SPECIES)} {rng.integers(1, 180)}", str(rng.choice(PLACES))]
        if rng.random() < 0.4:
            parts.append(str(rng.choice(NOTES)))
        observer = f" ({rng.choice(OBSERVERS)})" if rng.random() < 0.5 else ""
        return ", ".join(parts) + observer

    records = [("content", record()) for _ in range(rng.integers(*N_RECORDS))]
    pitch = [("sponsored", line) for line in str(rng.choice(PITCHES[:n_appeals])).split("|")]
    offer = [("paywall", line) for line in str(rng.choice(OFFERS[:n_appeals])).split("|")]
    middle = int(rng.integers(3, len(records) - 2))
    lines = [
        *(("navigation", line) for line in some(MENU, 7, len(MENU))),
        ("content", f"Day list, {rng.integers(1, 29)} {rng.choice(('March', 'May', 'October'))}"),
        *(("content", line) for line in some(REMARKS, 0, 2)),
        *records[:middle],
        *(pitch if rng.random() < 0.7 else []),
        *records[middle:],
        *(offer if rng.random() < 0.7 else []),
        *(("navigation", line) for line in some(FOOTER, 5, len(FOOTER))),
    ]
    return {
        "group": f"written {number}",
        "text": "\n".join(line for _, line in lines),
        "labels": [label for label, _ in lines],
    }


def written_corpus(numbers: Iterable[int], n_appeals: int = len(OFFERS)) -> Corpus:
    """Make a corpus of written pages.

    Parameters
    ----------
    numbers : iterable of int
    n_appeals : int, default len(OFFERS)
        As for `write_page`.

    Returns
    -------
    Corpus
    """
    return corpus_of(write_page(number, n_appeals) for number in numbers)
