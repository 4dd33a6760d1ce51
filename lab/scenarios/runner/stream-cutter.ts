/** Cuts what a peer hears on a stream into messages and keep-alives; the lab's own, as simple as can be. */
export class StreamCutter {
  #held = "";

  /** Messages, and "\r\n" for each keep-alive between them. */
  push(chunk: string): readonly string[] {
    this.#held += chunk;
    const found: string[] = [];
    for (;;) {
      if (this.#held.startsWith("\r\n")) {
        found.push("\r\n");
        this.#held = this.#held.slice(2);
        continue;
      }
      const end = this.#held.indexOf("\r\n\r\n");
      if (end < 0) return found;
      const length = Number(/^(?:Content-Length|l)\s*:\s*(\d+)/im.exec(this.#held.slice(0, end))?.[1] ?? 0);
      if (this.#held.length < end + 4 + length) return found;
      found.push(this.#held.slice(0, end + 4 + length));
      this.#held = this.#held.slice(end + 4 + length);
    }
  }
}
