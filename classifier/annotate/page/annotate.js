// The page of `linesift annotate`: keys, mouse and buttons become actions.

import { listDocuments } from "./documents.js";
import { Lines } from "./lines.js";
import { Saving } from "./saving.js";

const NAMES = { c: "content", n: "navigation", p: "paywall", s: "sponsored", x: "unsure" };
const PAGE_LINES = 20;
const DRAG_MS = 50; // a line, while the mouse is dragged beyond the list

const find = (id) => document.getElementById(id);
const lines = new Lines(find("lines"));
const saving = new Saving(report, stop);
const visited = [];
let shown = null; // the document as the server described it last
let isOpening = false; // keys pressed meanwhile are meant for no document
let dragging = null; // where the mouse is while it is dragged over lines
let turn = Promise.resolve(); // keys act one after another; behind an undo once it is known what it selects

function report(text, failed = false) {
  find("status").textContent = text;
  find("status").title = text; // it may be cut off
  find("status").classList.toggle("failed", failed);
}

// What was refused meanwhile is not saved, and stays on the page.
function reportDone(text) {
  report(saving.refusal || text, saving.refusal !== "");
}

async function open(number, isBack = false) {
  const before = shown;
  if (!(await show(number))) return false;
  if (before !== null && !isBack && before.number !== number) visited.push(before.number);
  find("back").disabled = visited.length === 0;
  reportDone(lines.count > 0 ? whatIsDone() : "This document has no line to label.");
  return true;
}

function whatIsDone() {
  const { decided, next } = shown.saved;
  if (decided.includes(".")) return "";
  return next === null ? "All documents are done." : "Document done.";
}

// Shows a document as it is saved; tells whether it could be had.
async function show(number) {
  isOpening = true;
  const view = await saving.post(`documents/${number}/open`);
  isOpening = false;
  if (view === null) return false;
  shown = { number, saved: view };
  history.replaceState(null, "", `#${number}`); // loaded again, each tab shows its own
  lines.show(view);
  beRange(false);
  document.title = `${view.id} – linesift annotate`;
  find("title").textContent = view.id;
  find("title").title = view.id;
  showSaved();
  find("lines").focus();
  return true;
}

// Shows what is saved; gives the first and last line that looked otherwise.
function showSaved() {
  const { decided, n_actions: nActions, revision, next, progress } = shown.saved;
  const changed = lines.update(decided);
  countActions(nActions);
  shown.revision = revision;
  const { documents, documents_done: done } = progress;
  const { count, nDecided } = lines;
  find("counts").textContent =
    `${nDecided} of ${count} lines · ${done} of ${documents} documents`;
  find("progress").value = nDecided / Math.max(1, count);
  find("accept").disabled = nDecided === count;
  find("next").disabled = next === null;
  return changed;
}

// The server is gone: what it has not saved is selected, and looks undecided again.
function stop() {
  const lost = shown && showSaved();
  if (lost !== null) lines.select(...lost);
  for (const button of document.querySelectorAll("header button:not(#guide), [data-mark]")) {
    button.disabled = true;
  }
}

function isReady() {
  return shown !== null && !isOpening && !saving.failed;
}

// In a narrow window the guideline covers the lines: nobody decides on what cannot be seen.
function mayDecide() {
  if (!isReady()) return false;
  const isSeen = getComputedStyle(find("lines")).visibility === "visible";
  if (!isSeen) report("The guideline covers the lines: close it first (g).");
  return isSeen;
}

function countActions(n) {
  shown.n_actions = n;
  find("undo").disabled = n === 0;
}

async function act(action, said) {
  const { number } = shown;
  shown.revision += 1;
  const state = await saving.post(`documents/${number}/act`, action);
  if (shown.number !== number) return null;
  if (state === null) {
    // What is shown but not saved must not be taken for saved; why it is not stays on the page.
    if (!saving.failed && saving.waiting === 0) await show(number);
    return null;
  }
  shown.saved = state;
  if (saving.waiting > 0) return null; // a later answer will say more
  const changed = showSaved();
  const done = whatIsDone();
  reportDone(`Saved: ${said}` + (done && `. ${done}`));
  return changed;
}

function mark(letter, isHeld = false) {
  if (!mayDecide() || lines.count === 0) return;
  const [first, last] = lines.range;
  // A key that is held down labels the last line once: each time would have to be undone.
  if (isHeld && last === lines.count - 1 && lines.decided[last] === letter) return;
  lines.mark(letter);
  lines.select(last + 1, last + 1);
  beRange(false);
  countActions(shown.n_actions + 1);
  const [from, to] = [lines.number(first), lines.number(last)];
  const where = first === last ? `line ${from}` : `lines ${from} to ${to}`;
  act({ lines: [first, last], label: NAMES[letter] }, `${where} ${NAMES[letter]}`);
}

function accept() {
  if (!mayDecide()) return;
  find("accept").disabled = true; // pressed twice, it would have to be undone twice
  countActions(shown.n_actions + 1);
  act({ accept: "rest" }, "the rest accepted");
}

async function undo() {
  if (!mayDecide()) return;
  const before = lines.decided;
  countActions(shown.n_actions - 1);
  const changed = await act({ undo: "last", revision: shown.revision }, "last action taken back");
  // What was marked has one label, and is selected for another. What was accepted is the rest of
  // the document, with what lies between: the next key would label it all.
  if (changed !== null && isAlike(before, ...changed)) lines.select(...changed);
}

function isAlike(letters, first, last) {
  return letters.slice(first, last + 1) === letters[first].repeat(last - first + 1);
}

function move(step, extends_) {
  const cursor = lines.cursor + step;
  lines.select(extends_ ? lines.anchor : cursor, cursor);
}

const BUTTONS = {
  back: () => isReady() && visited.length > 0 && open(visited.pop(), true),
  next: () => isReady() && shown.saved.next !== null && open(shown.saved.next),
  undo,
  accept,
  list: showDocuments,
  guide: () => {
    const isHidden = find("guideline").toggleAttribute("hidden");
    find("guide").setAttribute("aria-expanded", String(!isHidden));
    find(isHidden ? "lines" : "guideline").focus();
  },
};
const KEYS = { a: "accept", d: "list", g: "guide", u: "undo", ArrowLeft: "back", ArrowRight: "next" };
const STEPS = { ArrowUp: -1, ArrowDown: 1, PageUp: -PAGE_LINES, PageDown: PAGE_LINES, Home: -Infinity, End: Infinity };

// The letter of a key, also where the layout is not Latin.
function keyName(event) {
  if (/^[a-z]$/i.test(event.key)) return event.key.toLowerCase();
  return /^\p{L}$/u.test(event.key) && /^Key[A-Z]$/.test(event.code) ? event.code[3].toLowerCase() : event.key;
}

document.addEventListener("keydown", (event) => {
  if (shown === null || find("documents").open) return;
  const key = keyName(event);
  const isUndo = key === "z" && (event.ctrlKey || event.metaKey) && !event.shiftKey;
  if (!isUndo && (event.ctrlKey || event.metaKey || event.altKey)) return;
  if ((key in STEPS || key.startsWith("Arrow")) && event.target === find("guideline")) return; // scrolls
  let work;
  if (key in STEPS) work = () => move(STEPS[key], event.shiftKey);
  else if (key in NAMES) work = () => mark(key, event.repeat);
  else if (key === "Escape" && !find("guideline").hidden) work = () => find("guide").click();
  else if (isUndo || KEYS[key] === "undo") work = () => find("undo").disabled || undo();
  else if (key in KEYS) work = () => find(KEYS[key]).click();
  else return;
  event.preventDefault();
  turn = turn.then(work);
});

// After a click the keys are the lines' again: Space would press the button once more.
function onClick(button, work) {
  button.addEventListener("click", (event) => {
    if (event.detail > 0) find("lines").focus();
    work();
  });
}

for (const [id, work] of Object.entries(BUTTONS)) onClick(find(id), work);
for (const button of document.querySelectorAll("[data-mark]")) onClick(button, () => mark(button.dataset.mark));

// A finger has no Shift: while this is on, a line that is tapped is the last of a range.
function isRange() {
  return find("range").getAttribute("aria-pressed") === "true";
}

function beRange(isOn) {
  find("range").setAttribute("aria-pressed", String(isOn));
}

onClick(find("range"), () => {
  beRange(!isRange());
  report(isRange() ? "Tap the last line of the range." : "");
});

// Where the mouse is beyond the list, its lines come into sight one by one.
function dragOn() {
  if (dragging === null) return;
  const { top, bottom } = find("lines").getBoundingClientRect();
  if (dragging.clientY < top) move(-1, true);
  if (dragging.clientY > bottom) move(1, true);
  setTimeout(dragOn, DRAG_MS);
}

function selectAt(event) {
  const line = lines.at(event);
  if (line >= 0) lines.select(event.shiftKey || isRange() ? lines.anchor : line, line);
  return line >= 0;
}

find("lines").addEventListener("pointerdown", (event) => {
  if (event.pointerType !== "mouse" || event.button !== 0 || !selectAt(event)) return;
  dragging = event;
  dragOn();
});
// A finger that comes down may be there to scroll: only if it stays does it choose a line.
find("lines").addEventListener("click", (event) => event.pointerType !== "mouse" && selectAt(event));
document.addEventListener("pointermove", (event) => {
  if (dragging === null) return;
  dragging = event.buttons ? event : null;
  const line = lines.at(event);
  if (dragging && line >= 0 && line !== lines.cursor) lines.select(lines.anchor, line);
});
document.addEventListener("pointerup", () => { dragging = null; });

// Lines are selected to be labelled, not as text. No style does that: Safari's search would mark
// what it finds and not scroll there.
find("lines").addEventListener("selectstart", (event) => event.preventDefault());
// So it is the browser's search that has selected text; what is found there gets the keys.
document.addEventListener("selectionchange", () => {
  const { anchorNode, isCollapsed } = document.getSelection();
  const line = lines.at({ target: anchorNode?.parentElement });
  if (line >= 0 && !isCollapsed) lines.select(line, line);
});

// Copying takes the lines that are selected to be labelled.
document.addEventListener("copy", (event) => {
  if (document.activeElement !== find("lines") || lines.count === 0) return;
  event.preventDefault();
  event.clipboardData.setData("text/plain", lines.selectedText);
});
window.addEventListener("beforeunload", (event) => {
  if (saving.waiting > 0) event.preventDefault();
});

async function showDocuments() {
  const session = await saving.ask("session");
  if (session === null) return;
  listDocuments(session, shown?.number, async (number, line = null) => {
    if ((await open(number)) && line !== null) lines.select(line, line, "center");
  });
}

const session = await saving.ask("session");
if (session?.current === null) report("There are no documents.", true);
else if (session !== null) {
  const asked = Number(location.hash.slice(1) || NaN);
  await open(session.documents[asked] ? asked : session.current);
}
