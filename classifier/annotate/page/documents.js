// The list of documents: how far each one is, how far annotators agree, files to take away.

import { element } from "./lines.js";

const find = (id) => document.getElementById(id);
const dialog = find("documents");

// Shows a session as the server describes it. `open` is given the number of the document that is
// chosen, and the line if it was one of those on which annotators differ.
export function listDocuments(session, current, open) {
  const choose = (...place) => {
    dialog.close();
    open(...place);
  };
  find("annotator").textContent = session.annotator;
  find("log").textContent = session.log;
  find("agreements").replaceChildren(...session.agreements.map((found) => agreementItem(found, choose)));
  find("entries").replaceChildren(...session.documents.map((entry, i) => documentItem(entry, i, choose)));
  dialog.showModal();
  const button = find("entries").children[current]?.firstChild;
  button?.setAttribute("aria-current", "true");
  button?.scrollIntoView({ block: "center" });
  button?.focus(); // its neighbours are one step away, however long the list
}

function agreementItem({ annotators, n_lines: n, n_differences: nDiffer, differences, kappa }, choose) {
  const item = element("li");
  const names = annotators.flatMap((name, i) => [i ? " and " : "", element("bdi", "", name)]);
  const share = ((100 * (n - nDiffer)) / n).toFixed(1);
  item.append(...names, `: ${share} % of ${n} lines alike, kappa ${kappa?.toFixed(2) ?? "undefined"}`);
  if (nDiffer > 0) {
    const [details, list] = [element("details"), element("ol")];
    const first = nDiffer > differences.length ? `, the first ${differences.length}` : "";
    list.append(...differences.map((difference) => differenceItem(difference, annotators, choose)));
    details.append(element("summary", "", `Lines on which they differ (${nDiffer}${first})`), list);
    item.append(details);
  }
  return item;
}

// A line on which annotators differ; leads to it if its document is one of the session's.
function differenceItem(difference, annotators, choose) {
  const { document: id, number, line, line_number: lineNumber, text, labels } = difference;
  const said = element("span");
  said.append(...annotators.flatMap((name, i) => [i ? ", " : "", element("bdi", "", name), ` ${labels[i]}`]));
  const quoted = element("q", "", text);
  quoted.dir = "auto";
  const parts = [element("bdi", "", id), element("span", "", `line ${lineNumber}`), quoted, said];
  return itemWithButton(parts, "", number === null, () => choose(number, line));
}

function documentItem(entry, number, choose) {
  const isDone = entry.decided === entry.lines;
  const name = element("div", "name");
  name.append(element("bdi", "", entry.id));
  if (entry.address !== null) name.append(element("bdi", "address", entry.address));
  const parts = [
    name,
    element("span", "", `${isDone ? "✓ " : ""}${entry.decided} of ${entry.lines} lines`),
    element("span", "", `doubt ${Math.round(100 * entry.doubt)} %`),
  ];
  return itemWithButton(parts, isDone ? "done" : "", false, () => choose(number));
}

function itemWithButton(parts, className, isDisabled, work) {
  const [item, button] = [element("li"), element("button", className)];
  button.type = "button";
  button.disabled = isDisabled;
  button.append(...parts);
  button.addEventListener("click", work);
  item.append(button);
  return item;
}
