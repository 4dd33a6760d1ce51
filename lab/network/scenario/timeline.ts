/** When, who, what: printed as it happens, for a person to read. */
export class Timeline {
  readonly #print: (line: string) => void;
  readonly #beganMs = performance.now();
  #width = 16;

  constructor(print: (line: string) => void) {
    this.#print = print;
  }

  /** Milliseconds since it began. */
  get nowMs(): number {
    return performance.now() - this.#beganMs;
  }

  tell(who: string, what: string): void {
    this.#width = Math.max(this.#width, who.length);
    const seconds = `+${(this.nowMs / 1000).toFixed(3)} s`.padStart(11);
    this.#print(`${seconds}  ${who.padEnd(this.#width)}  ${what}`);
  }

  line(text: string): void {
    this.#print(text);
  }
}
