"""What is loaded late: alone, so that a process may fork at any time whatever its threads do."""

from pathlib import Path

from commandline import run_python

ROOT = Path(__file__).parent.parent

# Notes what is imported where nothing keeps another thread from forking.
WATCH = """
import sys
from classifier.kernels.machine import loading

found = []

class Watch:
    def find_spec(self, name, path=None, target=None):
        if not loading._loading._is_owned():
            found.append(name)

sys.meta_path.insert(0, Watch())
"""

USE = """
import json, pathlib
import pyarrow as pa
from classifier import FilterPolicy, LineClassifier

texts = [path.read_text("utf-8") for path in sorted(pathlib.Path("data/samples").glob("*.txt"))]
texts += ["", "\\n \\n", "One line", "long line " * 100_000, "\\u200b\\n[a](b)\\n* c\\n  d\\n" * 50]
policies = [FilterPolicy(), FilterPolicy(max_content_loss=0.01, drop_paywalled=True)]
strings = pa.array([None, *texts])
"""

WORK = """
clf = LineClassifier.load()
for text in texts:
    if clf.label(text):
        str(clf.explain(text, 0))
    for policy in policies:
        clf.filter(text, policy)
clf.label_batch(texts)
for column in (texts, strings, strings.cast(pa.large_string()), strings.cast(pa.string_view())):
    for policy in policies:
        clf.filter_batch(pa.chunked_array([column]) if column is strings else column, policy)
print(found)
"""


def printed(program):
    done = run_python(program, cwd=ROOT)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode().strip()


def test_nothing_is_imported_while_another_thread_could_fork():
    assert printed(USE + WATCH + WORK) == "[]"


FORK = """
import os, signal, sys, threading, time
from classifier import LineClassifier

clf = LineClassifier.load()
begun = threading.Event()

class Slow:
    def find_spec(self, name, path=None, target=None):
        if threading.current_thread() is thread and not begun.is_set():
            begun.set()
            time.sleep(0.5)

work = lambda: [clf.filter("Home"), clf.explain("Home", 0)]
thread = threading.Thread(target=work)
sys.meta_path.insert(0, Slow())
thread.start()
begun.wait(60)
child = os.fork()
if child == 0:
    signal.alarm(30)
    work()
    os._exit(7)
thread.join()
print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""


def test_a_fork_in_the_middle_of_a_first_text_waits_for_what_that_loads():
    assert printed(FORK) == "7"
