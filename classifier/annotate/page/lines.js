// The lines of a document: a row each, which are selected, which label they show.
// Texts are put in by textContent only, so that whatever they hold stays text.

const BLOCK_LINES = 100;
const DOUBTFUL_PERCENT = 20;

export class Lines {
  constructor(list) {
    this.list = list;
    this.rows = [];
  }

  show(view) {
    this.predicted = view.predicted;
    this.decided = ".".repeat(view.predicted.length);
    const gaps = new Set(view.gaps);
    this.rows = view.lines.map((text, i) => {
      const certainty = 100 - view.doubts[i];
      const row = element("div", gaps.has(i) ? "line gap" : "line");
      row.id = `line-${i}`;
      row.setAttribute("role", "option");
      row.setAttribute("aria-selected", "false");
      const shown = element("span", "", view.n_cut[i] ? `${text}… (+${view.n_cut[i]})` : text);
      shown.dir = "auto";
      row.append(element("b"), shown, element("i", "", `${certainty} %`));
      row.classList.toggle("doubtful", view.doubts[i] >= DOUBTFUL_PERCENT);
      this.paint(row, this.predicted[i], false);
      return row;
    });
    const blocks = [];
    for (let first = 0; first < this.rows.length; first += BLOCK_LINES) {
      const block = element("div", "block");
      block.setAttribute("role", "presentation");
      block.append(...this.rows.slice(first, first + BLOCK_LINES));
      blocks.push(block);
    }
    this.list.replaceChildren(...blocks);
    this.selection = [0, -1];
    this.update(view.decided);
    this.select(view.cursor, view.cursor, "center");
  }

  get last() {
    return this.rows.length - 1;
  }

  // First and last selected line.
  get range() {
    return [Math.min(this.anchor, this.cursor), Math.max(this.anchor, this.cursor)];
  }

  // Shows what is decided, a letter a line; gives the first and last line that changed.
  update(decided) {
    let first = -1;
    let last = -1;
    for (let i = 0; i < this.rows.length; i += 1) {
      if (decided[i] === this.decided[i]) continue;
      first = first < 0 ? i : first;
      last = i;
      const isDecided = decided[i] !== ".";
      this.paint(this.rows[i], isDecided ? decided[i] : this.predicted[i], isDecided);
    }
    this.decided = decided;
    return first < 0 ? null : [first, last];
  }

  // Shows a label on the selected lines before the server has answered.
  mark(letter) {
    const [first, last] = this.range;
    const middle = letter.repeat(last - first + 1);
    this.update(this.decided.slice(0, first) + middle + this.decided.slice(last + 1));
  }

  select(anchor, cursor, block = "nearest") {
    if (this.rows.length === 0) return;
    const clamp = (i) => Math.max(0, Math.min(this.last, i));
    this.rows[this.cursor]?.classList.remove("cursor");
    [this.anchor, this.cursor] = [clamp(anchor), clamp(cursor)];
    const [from, to] = this.selection;
    const [first, last] = this.range;
    for (let i = from; i <= to; i += 1) {
      if (i < first || i > last) this.rows[i]?.setAttribute("aria-selected", "false");
    }
    for (let i = first; i <= last; i += 1) {
      if (i < from || i > to) this.rows[i].setAttribute("aria-selected", "true");
    }
    this.selection = [first, last];
    const row = this.rows[this.cursor];
    row.classList.add("cursor");
    row.scrollIntoView({ block });
    this.list.setAttribute("aria-activedescendant", row.id);
  }

  // The line at an event, or -1.
  at(event) {
    const row = event.target instanceof Element && event.target.closest(".line");
    return row ? Number(row.id.slice("line-".length)) : -1;
  }

  paint(row, letter, isDecided) {
    row.dataset.label = letter;
    row.classList.toggle("decided", isDecided);
    row.firstChild.textContent = letter;
  }
}

export function element(name, className = "", text = "") {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text) made.textContent = text;
  return made;
}
