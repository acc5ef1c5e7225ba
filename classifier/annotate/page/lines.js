// The lines of a document: a row each, which are selected, which label they show.
// Texts are put in by textContent only, so that whatever they hold stays text.

const BLOCK_LINES = 100;
const BLOCK_MS = 5; // more than the rows of a block take
const DOUBTFUL_PERCENT = 20;

// Safari does not tell when it is idle: there, a block is made every ten milliseconds.
const noTime = { timeRemaining: () => 0 };
const whenIdle = window.requestIdleCallback ?? ((work) => setTimeout(work, 10, noTime));

export class Lines {
  constructor(list) {
    this.list = list;
    this.count = 0;
  }

  // Shows a document as the server describes it. Only the rows around the cursor
  // are made at once, so that a long document opens as fast as a short one.
  show(view) {
    this.view = view;
    this.count = view.lines.length;
    this.decided = view.decided;
    this.selection = [0, -1];
    this.rows = new Array(this.count);
    this.blocks = Array.from({ length: Math.ceil(this.count / BLOCK_LINES) }, () => {
      const block = element("div", "block");
      block.setAttribute("role", "presentation");
      return block;
    });
    // Room for the longest number: a row does not know of the others.
    this.list.style.setProperty("--digits", String(view.line_numbers.at(-1) ?? "").length);
    this.list.replaceChildren(...this.blocks);
    this.list.removeAttribute("aria-activedescendant"); // a document may have no lines
    this.select(view.cursor, view.cursor, "center");
    this.fillRest(view);
  }

  // Makes the other rows while nothing else is to be done, the nearest first, so that the
  // browser's search finds them.
  async fillRest(view) {
    const away = (block) => Math.abs(block * BLOCK_LINES - view.cursor);
    let pause = noTime;
    for (const block of [...this.blocks.keys()].sort((a, b) => away(a) - away(b))) {
      const i = block * BLOCK_LINES;
      if (this.rows[i]) continue;
      if (pause.timeRemaining() < BLOCK_MS) pause = await new Promise(whenIdle);
      if (this.view !== view) return;
      this.row(i);
    }
  }

  // The row of a line; with it the rows of its block are made.
  row(i) {
    if (!this.rows[i]) {
      const first = i - (i % BLOCK_LINES);
      const last = Math.min(first + BLOCK_LINES, this.count);
      for (let line = first; line < last; line += 1) this.rows[line] = this.makeRow(line);
      this.blocks[first / BLOCK_LINES].append(...this.rows.slice(first, last));
    }
    return this.rows[i];
  }

  makeRow(i) {
    const { doubts } = this.view;
    const row = element("div", "line");
    row.id = `line-${i}`;
    row.dataset.number = this.number(i);
    row.setAttribute("role", "option");
    row.setAttribute("aria-selected", String(this.selection[0] <= i && i <= this.selection[1]));
    row.classList.toggle("gap", i > 0 && this.number(i) - this.number(i - 1) > 1);
    row.classList.toggle("doubtful", doubts[i] >= DOUBTFUL_PERCENT);
    const text = element("span", "", this.text(i));
    text.dir = "auto";
    row.append(element("b"), text, element("i", "", `${100 - doubts[i]} %`));
    this.paint(row, i);
    return row;
  }

  // What a line is called: its number in the text, blank lines counted.
  number(i) {
    return this.view.line_numbers[i];
  }

  // A line as it is shown: a long one is cut, and says so.
  text(i) {
    const { lines, n_cut: nCut } = this.view;
    return lines[i] + (nCut[i] ? `… (+${nCut[i].toLocaleString("en")} characters)` : "");
  }

  paint(row, i) {
    const isDecided = this.decided[i] !== ".";
    const letter = isDecided ? this.decided[i] : this.view.predicted[i];
    row.dataset.label = letter;
    row.classList.toggle("decided", isDecided);
    row.setAttribute("aria-description", `line ${this.number(i)}, ${isDecided ? "decided" : "guessed"}`);
    row.firstChild.textContent = letter;
  }

  // First and last selected line.
  get range() {
    return [Math.min(this.anchor, this.cursor), Math.max(this.anchor, this.cursor)];
  }

  get selectedText() {
    const [first, last] = this.range;
    return Array.from({ length: last - first + 1 }, (_, i) => this.text(first + i)).join("\n");
  }

  get nDecided() {
    return this.count - (this.decided.split(".").length - 1);
  }

  // Shows what is decided, a letter a line; gives the first and last line that changed.
  update(decided) {
    const before = this.decided;
    this.decided = decided;
    let changed = null;
    for (let i = 0; i < this.count; i += 1) {
      if (decided[i] === before[i]) continue;
      changed = [changed === null ? i : changed[0], i];
      if (this.rows[i]) this.paint(this.rows[i], i);
    }
    return changed;
  }

  // Shows a label on the selected lines before the server has answered.
  mark(letter) {
    const [first, last] = this.range;
    const middle = letter.repeat(last - first + 1);
    this.update(this.decided.slice(0, first) + middle + this.decided.slice(last + 1));
  }

  select(anchor, cursor, block = "nearest") {
    if (this.count === 0) return;
    const clamp = (i) => Math.max(0, Math.min(this.count - 1, i));
    this.rows[this.cursor]?.classList.remove("cursor");
    [this.anchor, this.cursor] = [clamp(anchor), clamp(cursor)];
    const before = this.selection;
    this.selection = this.range;
    const [first, last] = this.selection;
    for (let i = before[0]; i <= before[1]; i += 1) {
      if (i < first || i > last) this.rows[i]?.setAttribute("aria-selected", "false");
    }
    for (let i = first; i <= last; i += 1) this.rows[i]?.setAttribute("aria-selected", "true");
    // Around the cursor no place in sight may be empty.
    for (const line of [this.cursor - BLOCK_LINES, this.cursor + BLOCK_LINES]) this.row(clamp(line));
    const row = this.row(this.cursor);
    row.classList.add("cursor");
    row.scrollIntoView({ block });
    this.list.setAttribute("aria-activedescendant", row.id);
  }

  // The line at an event, or -1.
  at(event) {
    const row = event.target instanceof Element && event.target.closest(".line");
    return row ? Number(row.id.slice("line-".length)) : -1;
  }
}

export function element(name, className = "", text = "") {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text) made.textContent = text;
  return made;
}
