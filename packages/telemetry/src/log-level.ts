export type LogLevel = "debug" | "info" | "warn" | "error";

const ranks: Readonly<Record<LogLevel, number>> = { debug: 0, info: 1, warn: 2, error: 3 };

/** Whether lines of `level` are written by a logger set to `threshold`. */
export function isWritten(level: LogLevel, threshold: LogLevel): boolean {
  return ranks[level] >= ranks[threshold];
}
