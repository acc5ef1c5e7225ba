"""Which module may import which, read from the source, and what an import loads."""

import ast
import functools
import json
import subprocess
import sys
from pathlib import Path

import pytest

from classifier.commands.group import cli

ROOT = Path(__file__).parent.parent
MODULES = sorted((ROOT / "classifier").rglob("*.py"))

# From the bottom up: a part imports from its own floor and those below.
FLOORS = [
    {"kernels"},
    {"files", "labels", "lines", "shown_text", "string_arrays", "weights"},
    {"columns", "features", "filtering", "policy", "statistics", "storage"}
    | {"appeals", "labelling", "layers", "as_read", "pieces", "processing", "results"}
    | {"statistics_records"},
    {"explaining"},
    {"model", "first_use"},
    {"formats"},
    {"running", "pipelines", "annotate"},
    {"adapt"},
    {"report"},
    {"commands"},
    {"cli"},
    {"__main__"},
]
FLOOR = {part: floor for floor, parts in enumerate(FLOORS) for part in parts}
HEAVY = ["numba", "llvmlite", "pyarrow", "sklearn", "scipy", "pandas", "joblib"]
HEAVY += ["pyarrow.compute", "classifier.explaining.explanation"]


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@functools.cache
def imported_names(path: Path) -> set[str]:
    """Return every module a file imports, at its top or within a function."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path.name}: relative import at line {node.lineno}"
            # `from classifier import lines` names a module as its last part.
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def parts_imported(path: Path) -> set[str]:
    """Return the parts of the package that a file imports: `filtering`, `formats` …"""
    split = [name.split(".") for name in imported_names(path)]
    return {name[1] for name in split if name[0] == "classifier"}


def part(path: Path) -> str:
    return path.relative_to(ROOT / "classifier").with_suffix("").parts[0]


def modules_where(is_wrong) -> list[str]:
    return [module_name(path) for path in MODULES if is_wrong(path)]


def test_every_module_has_a_floor():
    parts = set(map(part, MODULES)) - {"__init__"}
    assert parts == FLOOR.keys(), "a part is new or gone: change FLOORS"


def test_every_command_has_a_module_of_its_name():
    modules = {name: command.callback.__module__ for name, command in cli.commands.items()}
    assert modules == {name: f"classifier.commands.{name}" for name in modules}


def test_imports_point_down():
    def looks_up(path):
        floor = FLOOR.get(part(path), len(FLOORS))  # the package itself stands above all
        return any(FLOOR.get(name, -1) > floor for name in parts_imported(path))

    assert modules_where(looks_up) == []


def test_kernels_import_nothing_of_the_package_but_kernels():
    assert modules_where(lambda p: part(p) == "kernels" and parts_imported(p) - {"kernels"}) == []


def libraries_imported(path: Path) -> set[str]:
    return {name.split(".")[0] for name in imported_names(path)}


def test_only_kernels_import_a_compiler():
    compilers = {"numba", "llvmlite"}
    found = modules_where(lambda path: compilers & libraries_imported(path))
    assert found
    assert all(name.startswith("classifier.kernels.") for name in found), found


def test_the_package_never_imports_training_or_tests():
    assert modules_where(lambda path: {"training", "tests"} & libraries_imported(path)) == []


def test_imports_of_training_point_down():
    floors = [
        {"corpus", "pages", "render", "failures"},
        {"align", "phrases"},
        {"written", "views"},
        {"fitting"},
        {"judging", "baselines"},
        {"reporting"},
        {"benchmark"},
        {"commands", "characters"},
        {"__main__"},
    ]
    floor = {part: number for number, parts in enumerate(floors) for part in parts}
    paths = sorted((ROOT / "training").rglob("*.py"))
    parts = {path.relative_to(ROOT / "training").with_suffix("").parts[0] for path in paths}
    assert parts - {"__init__"} == floor.keys()
    for path in paths:
        own = path.relative_to(ROOT / "training").with_suffix("").parts[0]
        if own != "__init__":
            names = [name.split(".") for name in imported_names(path)]
            used = {name[1] for name in names if name[0] == "training"}
            assert all(floor[part] <= floor[own] for part in used), path


def test_no_two_parts_import_each_other():
    """Wherever the imports stand: a part can be read without those that use it."""
    needed: dict[str, set[str]] = {}
    for path in MODULES:
        if part(path) not in ("__init__", "__main__"):
            found = parts_imported(path) & FLOOR.keys()
            needed[part(path)] = needed.get(part(path), set()) | (found - {part(path)})
    while free := {name for name, others in needed.items() if not others & needed.keys()}:
        needed = {name: others for name, others in needed.items() if name not in free}
    assert not needed


def test_no_two_modules_import_each_other():
    """Imports at the top only: one within a function may break a circle on purpose."""
    names = {module_name(path) for path in MODULES}
    imports = {}
    for path in MODULES:
        top = ast.Module(ast.parse(path.read_text("utf-8")).body, [])
        top.body = [node for node in top.body if isinstance(node, ast.Import | ast.ImportFrom)]
        found = {f"{n.module}" for n in top.body if isinstance(n, ast.ImportFrom)}
        found |= {f"{n.module}.{a.name}" for n in top.body if hasattr(n, "module") for a in n.names}
        imports[module_name(path)] = (found & names) - {"classifier", module_name(path)}
    while free := {name for name, needed in imports.items() if not needed & imports.keys()}:
        imports = {name: needed for name, needed in imports.items() if name not in free}
    assert not imports


def loaded_by(statement: str) -> set[str]:
    """Return the heavy modules in memory after a statement in a new process."""
    script = f"import sys\n{statement}\nprint(*(set({HEAVY}) & set(sys.modules)))"
    run = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return set(run.stdout.split())


@pytest.mark.parametrize("statement", ["import classifier", "import classifier.cli"])
def test_importing_the_package_loads_nothing_heavy(statement):
    assert loaded_by(statement) == set()


def test_public_names_are_listed_before_they_are_loaded():
    script = "import classifier\nprint(*set(classifier.__all__) - set(dir(classifier)))"
    run = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert run.stdout.split() == []


def test_labelling_strings_loads_compiled_code_but_no_compiler_no_arrow_and_nothing_else():
    statement = (
        "from classifier.weights import Layers, blank_context_layer, blank_first_layer\n"
        "from classifier.model import LineClassifier\n"
        "first = blank_first_layer(8)\n"
        "context = blank_context_layer()\n"
        "clf = LineClassifier(Layers(first, context, context, context.bias))\n"
        "clf.label_batch(['Home'])"
    )
    loaded_by(statement)  # compiles it, if nobody has
    assert loaded_by(statement) == {"llvmlite"}


@pytest.mark.parametrize("name", ["page.txt", "page.jsonl"])
def test_a_command_that_filters_loads_nothing_that_it_does_not_need(name, tmp_path):
    """All of it is slow to load; pyarrow looks for pandas by itself."""
    text = (ROOT / "data" / "samples" / "news-metered-wall.en.txt").read_text("utf-8")
    page = tmp_path / name  # with lines of a wall
    page.write_text(text if name == "page.txt" else json.dumps({"text": text}), "utf-8")
    statement = (
        "from classifier.commands.group import cli\n"
        f"cli(['filter', '-q', {str(page)!r}, '-o', {str(tmp_path / f'out-{name}')!r}], "
        "standalone_mode=False)"
    )
    loaded_by(statement)  # compiles what nobody has
    assert loaded_by(statement) == {"pyarrow", "llvmlite"}
    # Nothing to drop, so nothing to label.
    assert loaded_by(statement.replace("'-q'", "'-q', '--drop', 'none'")) == {"pyarrow"}


def test_importing_the_package_opens_no_file_but_code():
    script = (
        "import json, numpy, sys\n"  # what numpy opens is its own affair
        "opened = []\n"
        "hook = lambda event, args: opened.append(str(args[0])) if event == 'open' else None\n"
        "sys.addaudithook(hook)\n"
        "import classifier\n"
        "print(json.dumps(opened))"
    )
    run = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    opened = [Path(name) for name in json.loads(run.stdout)]
    assert {path.suffix for path in opened} <= {".py", ".pyc", ".so"}
    assert any("classifier" in path.parts for path in opened), "the hook saw nothing"
