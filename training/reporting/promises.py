"""Markdown of what settings cost: what was promised, and what came of it."""

from training.judging.figures import TESTSET_SCORES, read_figures
from training.reporting.markdown import table, with_interval

DEFAULT_SETTING = "default: the most probable label"


def promise_table(promises: list[dict]) -> str:
    """Lay out what `training.judging.promise.kept_promises` returns.

    Parameters
    ----------
    promises : list of dict

    Returns
    -------
    str
        Markdown.
    """
    return table(
        ["promised loss, at most", "measured loss", "worst fold", "boilerplate lines dropped"],
        [
            [
                f"{row['limit']:.1%}",
                with_interval(row["loss"], row["interval"], ".2%"),
                f"{row['worst_fold']:.2%}",
                f"{row['boilerplate']:.1%}",
            ]
            for row in promises
        ],
    )


def kind_table(kinds: dict[str, dict[str, dict]]) -> str:
    """Lay out what `training.judging.promise.promised_by_kind` returns, for each field.

    Parameters
    ----------
    kinds : dict of str to dict of str to dict
        By the name of the field.

    Returns
    -------
    str
        Markdown.
    """
    return table(
        ["page type or language", "pages", "measured loss", "boilerplate lines dropped"],
        [
            [
                name,
                f"{row['pages']:,}",
                with_interval(row["loss"], row["interval"], ".1%"),
                f"{row['boilerplate']:.1%}",
            ]
            for rows in kinds.values()
            for name, row in rows.items()
        ],
    )


def setting_name(limit: float | None) -> str:
    """Name a setting by the loss that it promises; None promises nothing.

    Parameters
    ----------
    limit : float or None
        0 to 1.

    Returns
    -------
    str
        Markdown.
    """
    return DEFAULT_SETTING if limit is None else f"`--max-content-loss {limit:g}`"


def setting_table(settings: list[dict]) -> str:
    """Lay out what `training.judging.promise.setting_losses` returns.

    Parameters
    ----------
    settings : list of dict

    Returns
    -------
    str
        Markdown.
    """
    return table(
        ["setting", "content characters lost, mean over groups", "boilerplate lines dropped"],
        [
            [
                setting_name(row["limit"]),
                with_interval(row["loss"], row["interval"], ".1%"),
                f"{row['boilerplate']:.1%}",
            ]
            for row in settings
        ],
    )


def settings_text(figures: dict) -> str:
    """Lay out what the default policy and some promised losses lose and drop, on gold and beyond.

    Parameters
    ----------
    figures : dict
        Of `evaluate`.

    Returns
    -------
    str
        Markdown.
    """
    beyond = {row["limit"]: row for row in read_figures(TESTSET_SCORES)["settings"]}
    default = {
        "limit": None,
        "loss": figures["default_site_loss"],
        "boilerplate": figures["default_policy"]["boilerplate"],
    }
    rows = []
    for own in (default, *reversed(figures["promise"])):
        limit = own["limit"]
        shares = [row[name] for row in (own, beyond[limit]) for name in ("loss", "boilerplate")]
        rows.append([setting_name(limit), *(f"{share:.1%}" for share in shares)])
    lost, gone = "content characters lost, mean over groups", "boilerplate lines dropped"
    return table(["setting", lost, gone, "lost on the test set", "dropped there"], rows)
