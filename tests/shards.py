"""Small runs over a folder of shards, with a model that looks for a mark."""

import json

from doubles import load_marked_lines

from classifier.running.plan import make_plan
from classifier.running.progress import Progress
from classifier.running.run import run
from classifier.running.task import Task


def task(**options):
    return Task("filter", load_marked_lines, **options)


def write_shards(folder, n_shards=5, n_records=20):
    folder.mkdir(parents=True, exist_ok=True)
    for shard in range(n_shards):
        lines = [json.dumps({"id": [shard, i], "text": f"{i}\nAD"}) for i in range(n_records)]
        (folder / f"{shard}.jsonl").write_text("\n".join(lines) + "\n")


def do(source, out, settings=None, n_workers=1, **options):
    names = ("is_resumed", "excluded")
    plan_options = {name: options.pop(name) for name in names if name in options}
    plan = make_plan(
        [str(source)],
        str(out),
        task(**options),
        settings or {"model": 1},
        n_workers=n_workers,
        **plan_options,
    )
    return run(plan, Progress(len(plan.shards), is_shown=False), lambda message: None)
