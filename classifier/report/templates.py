"""Templates with their style and script to one self-contained HTML file."""

import base64
import hashlib
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from classifier.labels import COLOURS, LABELS, LETTERS


def render_page(template: str, styles: list[str], scripts: list[str], **values: Any) -> str:
    """Render a page.

    Parameters
    ----------
    template : str
        File name of the template, beside this module.
    styles, scripts : list of str
        File names of style sheets and scripts, put into the page in this order.
    **values
        What the template shows; everything is escaped.

    Returns
    -------
    str
        HTML that refers to nothing outside of it.
    """
    colours = "".join(f"--{label}:{colour};" for label, colour in COLOURS.items())
    style = f":root{{{colours}}}\n" + "".join(map(_source, styles))
    script = "".join(map(_source, scripts))
    policy = f"default-src 'none'; style-src {_digest(style)}"
    if script:
        policy += f"; script-src {_digest(script)}"
    return (
        _environment()
        .get_template(template)
        .render(
            # Our own files: the only text that is not escaped.
            style=Markup(style),
            script=Markup(script),
            security_policy=policy,
            labels=list(zip(LABELS, LETTERS, strict=True)),
            **values,
        )
    )


def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("classifier", "report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.policies["json.dumps_kwargs"] = {"ensure_ascii": False, "separators": (",", ":")}
    return environment


def _source(name: str) -> str:
    return files("classifier.report").joinpath(name).read_text("utf-8")


def _digest(source: str) -> str:
    """Name a script or style in a content security policy."""
    digest = base64.b64encode(hashlib.sha256(source.encode()).digest()).decode()
    return f"'sha256-{digest}'"
