// Documents as the page holds them, decoded once: lines, codes, probabilities, sizes.

const DATA = JSON.parse(document.getElementById("data").textContent);
const LABELS = DATA.labels;

/** Decode base 64 to the bytes of a typed array; numbers stay exactly what they were. */
function unpack(base64, Kind) {
  const bytes = Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0));
  return new Kind(bytes.buffer);
}

/** Cut a line to what is shown of it, as classifier/shown_text.py does. */
function cut(line) {
  if (line.length <= DATA.shown_chars) return line;
  // Twice as many code units hold as many characters, whatever these are.
  const shown = [...line.slice(0, 2 * DATA.shown_chars)].slice(0, DATA.shown_chars).join("");
  const nCut = countCharacters(line) - countCharacters(shown);
  return nCut ? `${shown}… (+${nCut.toLocaleString("en")} characters)` : line;
}

/** Count code points, as Python does. */
function countCharacters(text) {
  let n = text.length;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code >= 0xd800 && code < 0xdc00) n--;
  }
  return n;
}

function decodeDocument(raw, number) {
  const lines = raw.text.split("\n");
  const labelled = new Int32Array(lines.length).fill(-1); // index of each line among the labelled
  const codes = [];
  const places = [];
  const sizes = unpack(raw.sizes, Int32Array); // as the statistics count, by what is read
  for (let n = 0; n < lines.length; n++) {
    const code = DATA.letters.indexOf(raw.letters[n]);
    if (code < 0) continue;
    labelled[n] = codes.length;
    codes.push(code);
    places.push(n);
  }
  const total = [0, 0, 0, 0];
  codes.forEach((code, i) => (total[code] += sizes[i]));
  return {
    ...raw,
    number,
    lines,
    labelled,
    places,
    sizes,
    joined: new Set(raw.joined), // which of the labelled are read as one with the one before
    codes: Uint8Array.from(codes),
    probabilities: unpack(raw.probabilities, Float32Array),
    characters: total,
    nCharacters: total.reduce((a, b) => a + b, 0),
  };
}

const DOCUMENTS = DATA.documents.map(decodeDocument);

/** Share of a document's characters that a policy drops, 0 to 1. */
function droppedShare(doc, dropped) {
  let lost = 0;
  for (let i = 0; i < dropped.length; i++) if (dropped[i]) lost += doc.sizes[i];
  return doc.nCharacters ? lost / doc.nCharacters : Number(Boolean(doc.reason));
}

/** Find the first and the last of the labelled lines that are read as one with line `i`. */
function readAsOne(doc, i) {
  let [first, last] = [i, i];
  while (doc.joined.has(first)) first--;
  while (doc.joined.has(last + 1)) last++;
  return [first, last];
}

/** Write a share; with a no-break space, for in a narrow column the sign would get a line of its own. */
function percent(share) {
  return `${(100 * share).toFixed(share > 0 && share < 0.0995 ? 1 : 0)}\u00a0%`;
}

/** Make an element; children that are strings become text, never markup. */
function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}
