// The page of `linesift annotate`: keys, mouse and buttons become actions.

import { Lines, element } from "./lines.js";
import { Saving } from "./saving.js";

const NAMES = { c: "content", n: "navigation", p: "paywall", s: "sponsored", x: "unsure" };
const PAGE_LINES = 20;

const find = (id) => document.getElementById(id);
const lines = new Lines(find("lines"));
const saving = new Saving(report);
const visited = [];
let shown = null; // the document as the server described it last
let isOpening = false; // keys pressed meanwhile are meant for no document
let isDragging = false;
let turn = Promise.resolve(); // keys act one after another; behind an undo once it is known what it selects

function report(text, failed = false) {
  find("status").textContent = text;
  find("status").title = text; // it may be cut off
  find("status").classList.toggle("failed", failed);
}

async function open(number, isBack = false) {
  const before = shown;
  if (!(await show(number))) return false;
  if (before !== null && !isBack && before.number !== number) visited.push(before.number);
  find("back").disabled = visited.length === 0;
  report(lines.count > 0 ? "" : "This document has no line to label.");
  return true;
}

// Shows a document as it is saved; tells whether it could be had.
async function show(number) {
  isOpening = true;
  const view = await saving.post(`documents/${number}/open`);
  isOpening = false;
  if (view === null) return false;
  shown = { number, id: view.id };
  lines.show(view);
  find("title").textContent = view.id;
  find("title").title = view.id;
  describe(view);
  find("lines").focus();
  return true;
}

function describe(state) {
  shown.next = state.next;
  countActions(state.n_actions);
  const { documents, documents_done: done } = state.progress;
  const { count, nDecided } = lines;
  find("counts").textContent =
    `${nDecided} of ${count} lines · ${done} of ${documents} documents`;
  find("progress").value = nDecided / Math.max(1, count);
  find("accept").disabled = nDecided === count;
  find("next").disabled = state.next === null;
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
  const state = await saving.post(`documents/${number}/act`, action);
  if (shown.number !== number) return null;
  if (state === null) {
    // What is shown but not saved must not be taken for saved; why it is not stays on the page.
    if (!saving.failed && saving.waiting === 0) await show(number);
    return null;
  }
  if (saving.waiting > 0) return null; // a later answer will say more
  const changed = lines.update(state.decided);
  describe(state);
  const isDone = !state.decided.includes(".");
  const isEnd = isDone && state.next === null;
  report(`Saved: ${said}` + (isEnd ? ". All documents are done." : isDone ? ". Document done." : ""));
  return changed;
}

function mark(letter) {
  if (!mayDecide() || lines.count === 0) return;
  const [first, last] = lines.range;
  lines.mark(letter);
  lines.select(last + 1, last + 1);
  countActions(shown.n_actions + 1);
  const where = first === last ? `line ${first + 1}` : `lines ${first + 1} to ${last + 1}`;
  act({ lines: [first, last], label: NAMES[letter] }, `${where} ${NAMES[letter]}`);
}

function accept() {
  if (!mayDecide()) return;
  countActions(shown.n_actions + 1);
  act({ accept: "rest" }, "the rest accepted");
}

async function undo() {
  if (!mayDecide()) return;
  countActions(shown.n_actions - 1);
  const changed = await act({ undo: "last" }, "last action taken back");
  if (changed !== null) lines.select(...changed);
}

function move(step, extends_) {
  const cursor = lines.cursor + step;
  lines.select(extends_ ? lines.anchor : cursor, cursor);
}

const BUTTONS = {
  back: () => isReady() && visited.length > 0 && open(visited.pop(), true),
  next: () => isReady() && shown.next !== null && open(shown.next),
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
  if (key in STEPS && event.target === find("guideline")) return; // scrolls
  let work;
  if (key in STEPS) work = () => move(STEPS[key], event.shiftKey);
  else if (key in NAMES) work = () => mark(key);
  else if (isUndo || KEYS[key] === "undo") work = () => find("undo").disabled || undo();
  else if (key in KEYS) work = () => find(KEYS[key]).click();
  else return;
  event.preventDefault();
  turn = turn.then(work);
});

for (const [id, work] of Object.entries(BUTTONS)) find(id).addEventListener("click", work);
for (const button of document.querySelectorAll("[data-mark]")) {
  button.addEventListener("click", () => mark(button.dataset.mark));
}

find("lines").addEventListener("pointerdown", (event) => {
  const line = lines.at(event);
  if (line < 0 || event.button !== 0) return;
  isDragging = event.pointerType === "mouse";
  lines.select(event.shiftKey ? lines.anchor : line, line);
});
find("lines").addEventListener("pointermove", (event) => {
  const line = lines.at(event);
  if (isDragging && line >= 0 && line !== lines.cursor) lines.select(lines.anchor, line);
});
document.addEventListener("pointerup", () => { isDragging = false; });
window.addEventListener("beforeunload", (event) => {
  if (saving.waiting > 0) event.preventDefault();
});

async function showDocuments() {
  const session = await saving.ask("session");
  if (session === null) return;
  find("annotator").textContent = session.annotator;
  find("log").textContent = session.log;
  find("agreements").replaceChildren(...session.agreements.map(agreementItem));
  find("entries").replaceChildren(...session.documents.map(documentItem));
  find("documents").showModal();
  find("entries").querySelector("[aria-current]")?.scrollIntoView({ block: "center" });
}

function agreementItem({ annotators, n_lines: n, n_differences: nDiffer, differences, kappa }) {
  const item = element("li");
  const names = annotators.flatMap((name, i) => [i ? " and " : "", element("bdi", "", name)]);
  const share = ((100 * (n - nDiffer)) / n).toFixed(1);
  item.append(...names, `: ${share} % of ${n} lines alike, kappa ${kappa?.toFixed(2) ?? "undefined"}`);
  if (nDiffer > 0) {
    const [details, list] = [element("details"), element("ol")];
    const first = nDiffer > differences.length ? `, the first ${differences.length}` : "";
    list.append(...differences.map((difference) => differenceItem(difference, annotators)));
    details.append(element("summary", "", `Lines on which they differ (${nDiffer}${first})`), list);
    item.append(details);
  }
  return item;
}

// A line on which annotators differ; leads to it if its document is one of the session's.
function differenceItem({ document: id, number, line, text, labels }, annotators) {
  const said = element("span");
  said.append(...annotators.flatMap((name, i) => [i ? ", " : "", element("bdi", "", name), ` ${labels[i]}`]));
  const [item, button, quoted] = [element("li"), element("button"), element("q", "", text)];
  quoted.dir = "auto";
  button.type = "button";
  button.disabled = number === null;
  button.append(element("bdi", "", id), element("span", "", `line ${line + 1}`), quoted, said);
  button.addEventListener("click", async () => {
    find("documents").close();
    if (await open(number)) lines.select(line, line, "center");
  });
  item.append(button);
  return item;
}

function documentItem(entry, number) {
  const isDone = entry.decided === entry.lines;
  const button = element("button", isDone ? "done" : "");
  button.type = "button";
  button.append(
    element("bdi", "", entry.id),
    element("span", "", `${isDone ? "✓ " : ""}${entry.decided} of ${entry.lines} lines`),
    element("span", "", `doubt ${Math.round(100 * entry.doubt)} %`),
  );
  if (number === shown?.number) button.setAttribute("aria-current", "true");
  button.addEventListener("click", () => {
    find("documents").close();
    open(number);
  });
  const item = element("li");
  item.append(button);
  return item;
}

const session = await saving.ask("session");
if (session?.current === null) report("There are no documents.", true);
else if (session !== null) await open(session.current);
