/** What control writes to the log; `@tandem/telemetry`'s logger fits. */
export interface ControlLogger {
  info(event: string, fields?: Record<string, unknown>): void;
  warn(event: string, fields?: Record<string, unknown>): void;
  error(event: string, fields?: Record<string, unknown>): void;
}
