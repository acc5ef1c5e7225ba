// The page: which document is shown, under which policy, and in which view.

const $ = (id) => document.getElementById(id);

const policy = {
  drop: LABELS.map((label) => (DATA.drop.includes(label) ? 1 : 0)),
  threshold: DATA.threshold,
};
const lines = new Lines($("lines"));
const overview = new Overview(open);
let current = null;

function open(doc) {
  if (!doc) return;
  const wasInLines = $("lines").contains(document.activeElement);
  current = doc;
  document.title = `${doc.id} – linesift inspect`;
  $("name").textContent = doc.id;
  $("origin").textContent = [doc.host, doc.source === doc.id ? "" : doc.source].filter(Boolean).join(" · ");
  $("notes").replaceChildren(...notesOn(doc));
  lines.show(doc);
  overview.mark(doc);
  scrollTo(0, 0);
  refilter();
  if (!wasInLines) return;
  // The line that had the focus is gone; the arrow keys go on here, or in a document after this
  // one if no line of it is in sight.
  $("lines").focus({ preventScroll: true });
  lines.focus(lines.current);
}

/** Say what is to be known of a whole document; paywall lines may be far down, or out of sight. */
function notesOn(doc) {
  const notes = [];
  if (!doc.places.length) notes.push("It has no line to label. ");
  if (doc.reason) notes.push(`The policy drops this whole document: ${doc.reason}. `);
  if (doc.paywalled) {
    const first = doc.places[doc.codes.indexOf(LABELS.indexOf("paywall"))];
    const link = element("button", { type: "button" }, `line ${first + 1}`);
    link.addEventListener("click", () => {
      setView("page");
      if (!$("show-paywall").checked) $("show-paywall").click();
      lines.focus(first);
    });
    notes.push("Gates or sells access: its paywall lines begin at ", link, ". ");
  }
  if (doc.truncated) notes.push("Its content ends at a wall.");
  return notes;
}

/** Apply the policy anew to the shown document. */
function refilter() {
  const dropped = decide(current, policy);
  const states = settle(current, dropped);
  lines.update(states);
  const share = droppedShare(current, dropped);
  $("dropped").textContent = `${percent(share)} of ${current.nCharacters.toLocaleString("en")} characters dropped`;
  $("save").disabled = Boolean(current.reason);
  LABELS.forEach((label, k) => {
    let n = 0;
    let lost = 0;
    for (let i = 0; i < dropped.length; i++) {
      if (current.codes[i] !== k) continue;
      n++;
      lost += dropped[i];
    }
    const row = $(`statistics-${label}`);
    const part = current.nCharacters ? current.characters[k] / current.nCharacters : 0;
    const cells = [n, percent(part), lost];
    cells.forEach((value, column) => (row.cells[column + 1].textContent = value.toLocaleString("en")));
  });
  drawMap();
}

/** The last threshold: the slider only knows hundredths, and forgets nothing when it is off. */
let threshold = policy.threshold ?? 0.5;

function policyChanged() {
  threshold = policy.threshold ?? threshold;
  const isRound = Number(threshold.toFixed(2)) === threshold;
  const shown = isRound ? threshold.toFixed(2) : String(Number(threshold.toPrecision(3)));
  $("by-threshold").checked = policy.threshold !== null;
  $("threshold").value = threshold;
  $("threshold").disabled = policy.threshold === null;
  $("threshold-value").textContent = policy.threshold === null ? "off" : shown;
  refilter();
  overview.update(policy);
}

/** Tell the style how high the controls that stay in view are. */
function measureControls() {
  const controls = document.querySelector(".controls");
  const isSticky = getComputedStyle(controls).position === "sticky";
  const height = isSticky ? controls.offsetHeight : 0;
  document.documentElement.style.setProperty("--controls", `${height}px`);
  drawMap();
}

/** A small map of the page: a stripe a line, pale where it is dropped. */
function drawMap() {
  const canvas = $("map");
  const { width, height } = canvas.getBoundingClientRect();
  const scale = devicePixelRatio;
  canvas.width = width * scale;
  canvas.height = height * scale;
  const context = canvas.getContext("2d");
  const style = getComputedStyle(document.documentElement);
  const colours = LABELS.map((label) => style.getPropertyValue(`--${label}`));
  const n = current.lines.length;
  const step = Math.min(canvas.height / n, 8 * scale);
  for (let line = 0; line < n; line++) {
    const i = current.labelled[line];
    if (i < 0) continue;
    context.fillStyle = colours[current.codes[i]];
    context.globalAlpha = lines.states[line] === DROPPED ? 0.35 : 1;
    const long = Math.min(1, 0.25 + current.sizes[i] / 160) * canvas.width;
    context.fillRect(0, line * step, long, Math.max(step * 0.85, 1));
  }
}

function goToMapPlace(event) {
  const { top, height } = $("map").getBoundingClientRect();
  const n = current.lines.length;
  const used = Math.min(height, 8 * n);
  const line = Math.max(0, Math.min(n - 1, Math.floor(((event.clientY - top) / used) * n)));
  lines.rows[lines.nearest(line)]?.scrollIntoView({ block: "center" });
}

function saveText() {
  const text = current.mark + rewrite(current, lines.states);
  const link = element("a", { download: `${current.id.replace(/[^\p{L}\p{N}.-]+/gu, "-")}.filtered.txt` });
  link.href = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

function setView(name) {
  $("view-page").checked = name === "page";
  $("view-filtered").checked = name === "filtered";
  lines.setFiltered(name === "filtered");
}

/** Let all controls say what is so. */
function showState() {
  LABELS.forEach((label, k) => {
    $(`drop-${label}`).checked = Boolean(policy.drop[k]);
    $(`show-${label}`).checked = !lines.hidden.has(k);
  });
  setView(lines.isFiltered ? "filtered" : "page");
  policyChanged();
}

function onShortcut(event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.matches("input[type=range]") && event.key.startsWith("Arrow")) return;
  const key = keyName(event);
  const digit = Number(key);
  if (digit >= 1 && digit <= 4) $(`show-${LABELS[digit - 1]}`).click();
  else if (key === "v") setView($("view-page").checked ? "filtered" : "page");
  else if (key === "t") {
    if ($("threshold").disabled) $("by-threshold").click();
    $("threshold").focus();
  } else if (key === "]" || key === "n") open(overview.next(current, 1));
  else if (key === "[" || key === "p") open(overview.next(current, -1));
  else if (key === "l") lines.focus(lines.current);
  else return;
  event.preventDefault();
}

LABELS.forEach((label, k) => {
  const drop = $(`drop-${label}`);
  drop.addEventListener("change", () => {
    policy.drop[k] = drop.checked ? 1 : 0;
    policyChanged();
  });
  const show = $(`show-${label}`);
  show.addEventListener("change", () => lines.setShown(k, show.checked));
});
for (const name of ["page", "filtered"]) {
  $(`view-${name}`).addEventListener("change", () => setView(name));
}
$("threshold").addEventListener("input", () => {
  policy.threshold = Number($("threshold").value);
  policyChanged();
});
$("by-threshold").addEventListener("change", () => {
  policy.threshold = $("by-threshold").checked ? threshold : null;
  policyChanged();
});
$("save").addEventListener("click", saveText);
$("map").addEventListener("pointerdown", (event) => {
  $("map").setPointerCapture(event.pointerId);
  goToMapPlace(event);
});
$("map").addEventListener("pointermove", (event) => event.buttons && goToMapPlace(event));
addEventListener("resize", measureControls);
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawMap);
document.addEventListener("keydown", onShortcut);
// On the way back to a page kept as it was, Safari resets its controls, and only after this.
addEventListener("pageshow", ({ persisted }) => persisted && setTimeout(showState));
// Where text is selected, by the browser's search for one, the keys go on.
document.addEventListener("selectionchange", () => {
  const row = getSelection().anchorNode?.parentElement?.closest(".line:not(.blank)");
  if (row) lines.makeCurrent(Number(row.dataset.n));
});

if (matchMedia("(max-width: 48rem)").matches) $("overview")?.removeAttribute("open");
overview.sort("order");
open(DOCUMENTS[0]);
showState();
measureControls();
