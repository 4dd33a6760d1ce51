/** Time in the browser: the only file of the console that asks for it. Everything else is given it. */

/** Milliseconds of the Unix epoch. */
export function nowMs(): number {
  return Date.now();
}

/** Runs `work` every `ms` while somebody looks at the tab. Returns what ends it. */
export function everyMs(ms: number, work: () => void): () => void {
  const timer = setInterval(() => {
    if (document.visibilityState === "visible") work();
  }, ms);
  return () => clearInterval(timer);
}
