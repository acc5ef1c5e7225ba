// Sends actions one after another and tells how that goes. An action counts as
// saved once the server has answered: then it is on disk.

// It may be a single request that was lost, as where a laptop wakes up.
const GONE =
  "linesift annotate does not answer. Load this page again; if it does not come, start linesift annotate " +
  "again and open the new address. All that was saved before is there.";
const SLOW_MS = 1000;

export class Saving {
  // `gone` is called once the server is.
  constructor(report, gone) {
    this.report = report;
    this.gone = gone;
    this.waiting = 0;
    this.failed = false;
    this.refusal = ""; // of something that was asked for before all was answered
    this.last = Promise.resolve();
  }

  // The answer of the server, or null if it refused or is gone; reported then.
  post(path, body = {}) {
    if (this.waiting === 0) this.refusal = "";
    this.waiting += 1;
    const slow = setTimeout(() => this.report("Not saved yet: waiting for linesift annotate …"), SLOW_MS);
    this.last = this.last.then(async () => {
      try {
        return this.failed ? null : await this.request(path, body);
      } finally {
        clearTimeout(slow);
        this.waiting -= 1;
      }
    });
    return this.last;
  }

  async request(path, body) {
    let answer;
    try {
      answer = await fetch(path, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify(body),
      });
      const value = await answer.json();
      if (answer.ok) return value;
      this.refusal = `Not saved: ${value.error}`;
      this.report(this.refusal, true);
    } catch {
      this.fail(`Not saved: ${GONE}`);
    }
    return null;
  }

  // What the server knows once all is saved, or null if it is gone; reported then.
  async ask(path) {
    await this.last;
    try {
      return await (await fetch(path)).json();
    } catch {
      if (!this.failed) this.fail(GONE);
      return null;
    }
  }

  fail(said) {
    this.failed = true;
    this.report(said, true);
    this.gone();
  }
}
