// The lines of one document. Rows stand in blocks that the browser lays out only
// when they come into view, so that long documents open and scroll as fast as short ones.

const BLOCK_LINES = 100;
const PAGE_LINES = 20; // that Page Up and Page Down go on
const STATE_CLASSES = ["", "dropped", "gone", "empty"];

/** The letter of a key, also with Caps Lock and where the layout is not Latin. */
function keyName({ key, code }) {
  if (/^[a-z]$/i.test(key)) return key.toLowerCase();
  return /^\p{L}$/u.test(key) && /^Key[A-Z]$/.test(code) ? code[3].toLowerCase() : key;
}

class Lines {
  constructor(container) {
    this.container = container;
    this.odds = document.getElementById("odds");
    this.isFiltered = false;
    this.hidden = new Set(); // codes of labels that are not shown
    for (const name of ["mouseover", "mousemove", "wheel"]) {
      container.addEventListener(name, (event) => this.onPointer(event), { passive: true });
    }
    container.addEventListener("focusin", (event) => this.showOdds(event.target));
    container.addEventListener("keydown", (event) => this.onKey(event));
    container.addEventListener("click", (event) => this.onClick(event));
  }

  show(doc) {
    this.doc = doc;
    this.rows = doc.lines.map((line, n) => this.makeRow(line, n));
    this.states = new Uint8Array(doc.lines.length);
    const blocks = [];
    for (let n = 0; n < this.rows.length; n += BLOCK_LINES) {
      const block = element("div", { class: "block", role: "rowgroup" });
      block.append(...this.rows.slice(n, n + BLOCK_LINES));
      blocks.push(block);
    }
    this.container.replaceChildren(...blocks);
    this.odds.replaceChildren(); // they were of a line of another document
    this.told = null;
    const first = doc.places[0];
    if (first !== undefined) this.rows[first].tabIndex = 0;
    this.current = first;
    this.container.style.setProperty("--digits", String(doc.lines.length).length);
  }

  makeRow(line, n) {
    const i = this.doc.labelled[n];
    const number = element("span", { class: "number", role: "gridcell" }, n + 1);
    const shown = cut(line) || element("br"); // an element without any text would copy as nothing
    const text = element("span", { class: "text", dir: "auto", role: "gridcell" }, shown);
    const place = { role: "row", "data-n": n };
    if (i < 0) return element("div", { ...place, class: "line blank" }, number, text);
    const code = this.doc.codes[i];
    const label = LABELS[code];
    const letter = element("span", { class: "letter", title: label, role: "gridcell" }, DATA.letters[code]);
    const probability = percent(this.doc.probabilities[4 * i + code]);
    const share = element("span", { class: "share", role: "gridcell" }, probability);
    const attributes = { ...place, class: "line", tabindex: -1, "data-label": label, "aria-expanded": false };
    return element("div", attributes, number, letter, text, share);
  }

  /** Show which lines are dropped; only rows that change are touched. */
  update(states) {
    for (let n = 0; n < states.length; n++) {
      if (states[n] === this.states[n]) continue;
      const row = this.rows[n];
      if (this.states[n]) row.classList.remove(STATE_CLASSES[this.states[n]]);
      if (states[n]) row.classList.add(STATE_CLASSES[states[n]]);
      // Who does not see that it is struck through hears it.
      if (states[n] === DROPPED) row.setAttribute("aria-description", "dropped");
      else row.removeAttribute("aria-description");
    }
    this.states = states;
    this.keepReachable();
  }

  setFiltered(isFiltered) {
    this.isFiltered = isFiltered;
    this.container.classList.toggle("filtered", isFiltered);
    this.keepReachable();
  }

  setShown(code, isShown) {
    if (isShown) this.hidden.delete(code);
    else this.hidden.add(code);
    this.container.classList.toggle(`hide-${LABELS[code]}`, !isShown);
    this.keepReachable();
  }

  isInSight(n) {
    const i = this.doc.labelled[n];
    if (i < 0 || this.hidden.has(this.doc.codes[i])) return false;
    return !(this.isFiltered && this.states[n] === DROPPED);
  }

  /** Let the tab key lead to a line that is in sight, if there is one. */
  keepReachable() {
    if (this.current === undefined || this.isInSight(this.current)) return;
    const next = this.search(this.current, 1) ?? this.search(this.current, -1);
    if (next === undefined) return;
    if (document.activeElement === this.rows[this.current]) this.focus(next);
    else this.makeCurrent(next);
  }

  /** Show all four probabilities of the line under the pointer or with the focus. */
  showOdds(target) {
    const row = target.closest(".line:not(.blank)");
    if (!row || row === this.told) return;
    this.told = row;
    const i = this.doc.labelled[row.dataset.n];
    const parts = LABELS.map((label, k) => {
      const share = this.doc.probabilities[4 * i + k];
      const meter = element("span", { class: "meter", "data-label": label });
      meter.style.width = `${(100 * share).toFixed(1)}%`;
      const cell = element("span", { class: "odd" }, `${label} ${percent(share)}`, meter);
      if (k === this.doc.codes[i]) cell.classList.add("highest");
      return cell;
    });
    const name = element("span", { class: "number" }, `line ${Number(row.dataset.n) + 1}`);
    this.odds.replaceChildren(name, ...parts);
    // In a narrow window it takes several rows; the line with the focus stays above them.
    if (this.odds.offsetHeight === this.oddsHeight) return;
    this.oddsHeight = this.odds.offsetHeight;
    this.container.style.setProperty("--odds", `${this.oddsHeight}px`);
  }

  /** Keys scroll lines under a pointer that rests: what comes to lie there is not pointed at. */
  onPointer({ type, target }) {
    if (type !== "mouseover") this.isPointing = true;
    if (this.isPointing) this.showOdds(target);
  }

  onClick(event) {
    if (event.target.closest(".why") || !getSelection().isCollapsed) return;
    const row = event.target.closest(".line:not(.blank)");
    if (!row) return;
    this.focus(Number(row.dataset.n));
    this.toggleReasons(row);
  }

  onKey(event) {
    const row = event.target.closest(".line");
    if (!row || event.altKey || event.ctrlKey || event.metaKey) return;
    const n = Number(row.dataset.n);
    const last = this.rows.length - 1;
    const key = keyName(event);
    if (key === "ArrowDown" || key === "j") this.focus(this.search(n, 1));
    else if (key === "ArrowUp" || key === "k") this.focus(this.search(n, -1));
    else if (key === "PageDown") this.focus(this.search(n, 1, PAGE_LINES));
    else if (key === "PageUp") this.focus(this.search(n, -1, PAGE_LINES));
    else if (key === "Home") this.focus(this.search(-1, 1));
    else if (key === "End") this.focus(this.search(last + 1, -1));
    else if (key === "Enter" || key === " ") this.toggleReasons(row);
    else if (key === "Escape") this.closeReasons(row);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** Find the line in sight that stands nearest to a place. */
  nearest(n) {
    const above = this.search(n + 1, -1);
    const below = this.search(n, 1);
    if (above === undefined || below === undefined) return above ?? below;
    return below - n < n - above ? below : above;
  }

  /** Find the next line in sight, or one that is so many farther: the last where they end. */
  search(from, step, count = 1) {
    let found;
    for (let n = from + step; count && n >= 0 && n < this.rows.length; n += step) {
      if (!this.isInSight(n)) continue;
      found = n;
      count--;
    }
    return found;
  }

  focus(n) {
    if (n === undefined) return; // nothing in sight
    this.makeCurrent(n);
    this.isPointing = false;
    this.rows[n].focus({ preventScroll: true });
    this.rows[n].scrollIntoView({ block: "nearest" });
  }

  makeCurrent(n) {
    this.rows[this.current].tabIndex = -1;
    this.rows[n].tabIndex = 0;
    this.current = n;
  }

  toggleReasons(row) {
    if (row.querySelector(".why")) return this.closeReasons(row);
    const n = Number(row.dataset.n);
    const reasons = reasonsOf(this.doc, this.doc.labelled[n], n);
    row.append(element("div", { class: "why", role: "gridcell" }, reasons));
    row.setAttribute("aria-expanded", "true");
    row.scrollIntoView({ block: "nearest" });
  }

  closeReasons(row) {
    row.querySelector(".why")?.remove();
    row.setAttribute("aria-expanded", "false");
  }
}
