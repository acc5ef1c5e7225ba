// Why a line got its label.

/** Say what spoke for and against each label of a line: a table, or why there is none. */
function reasonsOf(doc, i, n) {
  const parts = doc.explained.lines[i];
  if (!parts) {
    const hint = doc.command ? `In a terminal: ${doc.command} ${n + 1}` : "A page of less text explains more.";
    return `The least certain lines are explained here, not this one. ${hint}`;
  }
  const points = (value) => (value < 0 ? "−" : "+") + (Math.abs(value) / 1000).toFixed(2);
  const largest = Math.max(...parts.flatMap(([, ...values]) => values.map(Math.abs)));
  const rows = parts.map(([name, ...values]) =>
    element(
      "tr",
      {},
      element("th", { scope: "row", dir: "auto" }, doc.explained.names[name]),
      ...values.map((value) => {
        const cell = element("td", { class: value < 0 ? "against" : "for" }, points(value));
        cell.style.setProperty("--weight", `${Math.round((60 * Math.abs(value)) / largest)}%`);
        return cell;
      }),
    ),
  );
  const sums = LABELS.map((_, k) => parts.reduce((sum, part) => sum + part[k + 1], 0));
  const head = LABELS.map((label, k) =>
    element(
      "th",
      { scope: "col", "aria-label": label },
      element("span", { class: "letter", "data-label": label, title: label }, DATA.letters[k]),
      element("span", { class: "long" }, label),
    ),
  );
  const [first, last] = readAsOne(doc, i).map((line) => doc.places[line] + 1);
  const whole = first < last ? ` (lines ${first} to ${last} are read as one)` : "";
  const scores = sums.map((sum) => element("td", {}, points(sum)));
  const shares = LABELS.map((_, k) => element("td", {}, percent(doc.probabilities[4 * i + k])));
  return element(
    "table",
    {},
    element("caption", {}, `${LABELS[doc.codes[i]]}: what spoke for (+) and against (−) each label${whole}`),
    element("thead", {}, element("tr", {}, element("td"), ...head)),
    element("tbody", {}, ...rows),
    element(
      "tfoot",
      {},
      element("tr", {}, element("th", { scope: "row" }, "score, the sum"), ...scores),
      element("tr", {}, element("th", { scope: "row" }, "probability"), ...shares),
    ),
  );
}
