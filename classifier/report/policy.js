"use strict";
// What a policy drops and what becomes of the lines around: the contract of
// classifier/filtering.py and classifier/kernels/rewrite.py; tests hold them equal.

const KEPT = 0;
const DROPPED = 1;
const GONE = 2; // a blank line that goes with dropped ones
const EMPTY = 3; // a blank line that stands for a whole run of blank and dropped ones

/** Decide which labelled lines go: all of a document that is dropped, else by label or threshold. */
function decide(doc, policy) {
  const { codes, probabilities } = doc;
  const dropped = new Uint8Array(codes.length);
  if (doc.reason) return dropped.fill(1);
  for (let i = 0; i < codes.length; i++) {
    if (policy.threshold === null) {
      dropped[i] = policy.drop[codes[i]];
      continue;
    }
    let other = 1;
    for (let k = 2; k < 4; k++) {
      if (probabilities[4 * i + k] > probabilities[4 * i + other]) other = k;
    }
    dropped[i] = policy.drop[other] && probabilities[4 * i] < policy.threshold;
  }
  return dropped;
}

/** Settle every line, blank ones too: a run that lost a line leaves at most one empty line. */
function settle(doc, dropped) {
  const states = new Uint8Array(doc.lines.length);
  let begin = 0; // of the run of blank and dropped lines
  let blank = -1; // its first blank line
  let lost = Boolean(doc.reason);
  let keptBefore = false;
  const close = (end, keptAfter) => {
    if (lost) {
      for (let n = begin; n < end; n++) if (doc.labelled[n] < 0) states[n] = GONE;
      if (blank >= 0 && keptBefore && keptAfter) states[blank] = EMPTY;
    }
    blank = -1;
    lost = false;
  };
  for (let n = 0; n < doc.lines.length; n++) {
    const i = doc.labelled[n];
    if (i < 0) {
      if (blank < 0) blank = n;
    } else if (dropped[i]) {
      states[n] = DROPPED;
      lost = true;
    } else {
      close(n, true);
      keptBefore = true;
      begin = n + 1;
    }
  }
  close(doc.lines.length, false);
  return states;
}

/** Write the filtered text. */
function rewrite(doc, states) {
  const kept = [];
  let anyKept = false;
  for (let n = 0; n < doc.lines.length; n++) {
    if (states[n] === KEPT) kept.push(doc.lines[n]);
    else if (states[n] === EMPTY) kept.push("");
    anyKept ||= states[n] === KEPT && doc.labelled[n] >= 0;
  }
  const last = doc.lines.length - 1;
  const endsWithNewline = last > 0 && doc.lines[last] === "";
  if (endsWithNewline && states[last] === GONE && anyKept) kept.push("");
  return kept.join("\n");
}
