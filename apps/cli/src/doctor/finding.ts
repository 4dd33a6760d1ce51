/** What a check of the machine found. `fail`: Tandem will not work; `warn`: it works, but not as it should. */
export interface Finding {
  readonly level: "ok" | "warn" | "fail";
  readonly check: string;
  readonly text: string;
  /** What to do about it. */
  readonly remedy?: string;
}

export function findingText({ level, check, text, remedy }: Finding): string {
  const mark = level === "fail" ? "FAIL" : level;
  return `${mark.padEnd(4)}  ${check.padEnd(12)} ${text}${remedy === undefined ? "" : `\n                   → ${remedy}`}`;
}
