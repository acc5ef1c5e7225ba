"""Train and judge models: ``python -m training --help``."""

import click

from training.commands.adapt import adapt
from training.commands.corpus import corpus
from training.commands.judging import gate, testset, verdicts, written
from training.commands.models import evaluate, fit
from training.commands.repository_files import benchmark, characters, report, steps
from training.commands.sources import sources
from training.commands.studies import baselines, studies
from training.commands.views import views
from training.failures import Commands

COMMANDS = (
    *(sources, corpus, views, written, fit, evaluate, gate, testset, verdicts, adapt),
    *(studies, baselines, benchmark, report, steps, characters),
)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Train and judge the models of linesift.

    Start it in the checkout, where data/, docs/ and build/ are. What fails says so in one
    sentence; with LINESIFT_TRACEBACKS=1 it says where, too.
    """


for command in COMMANDS:
    main.add_command(command)

if __name__ == "__main__":
    main()
