"""What a reader of a message can do, where there is not every option that readers of files have."""

import re
from collections.abc import Container
from dataclasses import replace

from classifier.files.problems import Problem

READING_OPTIONS = frozenset({"--on-error", "--text-field", "--id-field", "--input-format"})
"""Options that remedies of problems with files and records speak of."""

OTHER_OPTIONS = READING_OPTIONS - {"--on-error"}
"""Those of them that decide what is read: given, or given anew, they make another run."""

RESUMED = "--resume then goes on with what is done."
"""What can be done besides, where a run writes into a folder."""

CORRECTED = "Correct it"
"""What is left to do where there is no such option."""

CLAUSE = re.compile(r"[.,;] (?:or )?(?![^(]*\))")  # but not in brackets


def with_options(problem: Problem, options: Container[str]) -> Problem:
    """Leave out of a problem's remedy what takes options that there are not.

    Parameters
    ----------
    problem : Problem
    options : container of str
        Those that the reader of the message can give.

    Returns
    -------
    Problem

    Examples
    --------
    >>> problem = Problem("damaged", "it is cut", "Fetch it anew; --on-error skip goes on.")
    >>> with_options(problem, {"--text-field"}).remedy
    'Fetch it anew.'
    """
    missing = [option for option in READING_OPTIONS if option not in options]
    if not any(option in problem.remedy for option in missing):
        return problem
    kept = [
        clause
        for clause in CLAUSE.split(problem.remedy.removesuffix("."))
        if not any(option in clause for option in missing)
    ]
    return replace(problem, remedy=f"{', or '.join(kept) or CORRECTED}.")


def with_resume(problem: Problem) -> Problem:
    """Add to a problem's remedy that the run can go on behind it, unless it has to begin anew.

    Parameters
    ----------
    problem : Problem

    Returns
    -------
    Problem

    Examples
    --------
    >>> with_resume(Problem("damaged", "it is cut", "Fetch it anew.")).remedy
    'Fetch it anew. --resume then goes on with what is done.'
    >>> with_resume(Problem("no text", "it is not there", "Name it with --text-field.")).remedy
    'Name it with --text-field.'
    """
    if any(option in problem.remedy for option in OTHER_OPTIONS):
        return problem
    return replace(problem, remedy=f"{problem.remedy} {RESUMED}")
