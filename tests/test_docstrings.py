"""What every public function says of itself."""

import ast
import re
from pathlib import Path

import pytest

from classifier.formats import FORMATS

ROOT = Path(__file__).parents[1]
MODULES = sorted(
    str(path.relative_to(ROOT))
    for package in ("classifier", "training")
    for path in (ROOT / package).rglob("*.py")
    if not path.name.startswith("llvm_")  # numba's side of what `machine/` says
)
FORMAT_FUNCTIONS = {"blocks", "parse", "render", "writer"}  # `formats.batches.Format` tells of them
FORMAT_MODULES = {f"classifier/formats/{name}.py" for name in FORMATS}
FILE_METHODS = {"readable", "writable", "seekable", "tell"}  # the standard library says of these


def public_functions(body):
    for node in body:
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            if node.name.startswith("_"):
                continue
            if isinstance(node, ast.ClassDef):
                yield from public_functions(node.body)
            elif not is_told_elsewhere(node):
                yield node


def is_told_elsewhere(function) -> bool:
    """Say whether it is read like an attribute, or `--help` prints its docstring."""
    decorators = " ".join(map(ast.unparse, function.decorator_list))
    return bool(re.search(r"property|\.setter|command|group|overload", decorators))


def given(arguments: ast.arguments) -> list[str]:
    """List the names of parameters, in their order."""
    positional = [*arguments.posonlyargs, *arguments.args]
    named = [arguments.vararg, *arguments.kwonlyargs, arguments.kwarg]
    names = [node.arg for node in (*positional, *named) if node is not None]
    return [name for name in names if name not in ("self", "cls")]


def told(docstring: str) -> list[str]:
    """List the names that stand left of the types in the section of parameters."""
    section = docstring.partition("Parameters\n----------\n")[2]
    section = re.split(r"\n\n\w+\n-{3,}\n", section)[0]
    heads = [line.partition(" : ")[0] for line in section.splitlines() if re.match(r"\S", line)]
    return [name.strip().lstrip("*\\") for head in heads for name in head.split(",")]


@pytest.mark.parametrize("module", MODULES)
def test_public_functions_say_what_goes_in_and_what_comes_out(module):
    for function in public_functions(ast.parse((ROOT / module).read_text("utf-8")).body):
        if module in FORMAT_MODULES and function.name in FORMAT_FUNCTIONS:
            continue
        where = f"{module}:{function.lineno} {function.name}"
        docstring = ast.get_docstring(function) or ""
        assert told(docstring) == given(function.args), f"{where}: parameters"
        result = function.returns and ast.unparse(function.returns)
        if result not in ("None", "NoReturn") and function.name not in FILE_METHODS:
            assert re.search(r"^(Returns|Yields)\n---", docstring, re.MULTILINE), f"{where}: result"
