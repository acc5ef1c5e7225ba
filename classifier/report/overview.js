// The list of documents, which sorts by what is worth a look.

const ORDERS = {
  order: (row) => -row.doc.number,
  dropped: (row) => row.share,
  paywalled: (row) => row.doc.paywalled + row.doc.characters[2] / (row.doc.nCharacters || 1),
  uncertain: (row) => row.doc.uncertainty,
};

class Overview {
  constructor(open) {
    this.list = document.getElementById("documents");
    this.rows = DOCUMENTS.map((doc) => this.makeRow(doc, open));
    this.list.append(...this.rows.map((row) => row.item));
    this.buttons = [...document.querySelectorAll("[data-sort]")];
    for (const button of this.buttons) {
      button.addEventListener("click", () => this.sort(button.dataset.sort));
    }
  }

  makeRow(doc, open) {
    const bar = element("span", { class: "bar", "aria-hidden": "true" });
    const shares = LABELS.map((label, k) => {
      const part = element("span", { "data-label": label });
      part.style.flexGrow = doc.characters[k];
      bar.append(part);
      return `${label} ${percent(doc.characters[k] / (doc.nCharacters || 1))}`;
    });
    const facts = element("span", { class: "facts" });
    const button = element(
      "button",
      // In words, too: not everybody tells the colours apart.
      { type: "button", class: "document", title: shares.join(", ") },
      element("bdi", { class: "name" }, doc.id),
      element("bdi", { class: "host" }, doc.host),
      bar,
      facts,
    );
    button.addEventListener("click", () => open(doc));
    return { doc, facts, button, item: element("li", {}, button), share: 0 };
  }

  /** Show what a policy drops of each document, and sort by that if it is asked for. */
  update(policy) {
    for (const row of this.rows) {
      row.share = droppedShare(row.doc, decide(row.doc, policy));
      const facts = [row.doc.reason ? "dropped whole" : `${percent(row.share)} dropped`];
      if (row.doc.paywalled) facts.push("paywalled");
      if (row.doc.truncated) facts.push("cut short");
      if (row.doc.places.length) facts.push(`labels ${percent(1 - row.doc.uncertainty)} certain`);
      row.facts.textContent = facts.join(" · ");
    }
    if (this.order === "dropped") this.sort(this.order);
  }

  sort(name) {
    this.order = name;
    this.rows.sort((a, b) => ORDERS[name](b) - ORDERS[name](a) || a.doc.number - b.doc.number);
    this.list.append(...this.rows.map((row) => row.item));
    for (const button of this.buttons) {
      button.setAttribute("aria-pressed", button.dataset.sort === name);
    }
  }

  mark(doc) {
    for (const row of this.rows) {
      if (row.doc === doc) row.button.setAttribute("aria-current", "true");
      else row.button.removeAttribute("aria-current");
    }
    // The keys walk on where the list is longer than the window.
    this.list.querySelector("[aria-current]").scrollIntoView({ block: "nearest" });
  }

  /** The document that stands before or after another in the present order. */
  next(doc, step) {
    return this.rows[this.rows.findIndex((row) => row.doc === doc) + step]?.doc;
  }
}
