/** What passed between the peers of one scenario and the gateway, in order of time. */
export class Ladder {
  readonly #startedMs = performance.now();
  readonly #rungs: string[] = [];

  sent(party: string, text: string, remark = ""): void {
    this.#add(`${party.padEnd(10)} ──▶ gateway   ${summary(text)}${remark}`);
  }

  heard(party: string, text: string, remark = ""): void {
    this.#add(`${party.padEnd(10)} ◀── gateway   ${summary(text)}${remark}`);
  }

  note(text: string): void {
    this.#add(text);
  }

  text(): string {
    return this.#rungs.join("\n");
  }

  #add(text: string): void {
    const atMs = (performance.now() - this.#startedMs).toFixed(0);
    this.#rungs.push(`  ${atMs.padStart(6)} ms  ${text}`);
  }
}

/** Start line, CSeq and To tag: what tells messages of one scenario apart. */
function summary(text: string): string {
  const [startLine = ""] = text.split("\r\n", 1);
  const cseq = /^CSeq\s*:\s*(.*)\r$/im.exec(text)?.[1] ?? "";
  const toTag = /^To\s*:.*;tag=([^;\r]*)/im.exec(text)?.[1];
  const shortened = startLine.length > 90 ? `${startLine.slice(0, 90)}…` : startLine;
  return `${shortened}  [${cseq}${toTag === undefined ? "" : ` to-tag ${toTag}`}]`;
}
