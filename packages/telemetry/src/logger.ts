import { type Clock, SystemClock } from "@tandem/clock";
import { encodeFields, type LogFields } from "./encode-fields.ts";
import { isWritten, type LogLevel } from "./log-level.ts";
import { type LogSink, LogWriter } from "./log-writer.ts";

/** Writes one JSON object per line: `time`, `level`, `event`, then the fields, secrets redacted. */
export interface Logger {
  readonly level: LogLevel;
  /** Whether a line of that level would be written; asks before fields are gathered that cost something. */
  isEnabled(level: LogLevel): boolean;
  debug(event: string, fields?: LogFields): void;
  /** `event` is a kebab-case name of what happened: `call-answered`. */
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  /** Written at once, together with what is gathered; other levels within 10 ms. */
  error(event: string, fields?: LogFields): void;
  /** A logger that adds these fields to every line. They are read now. */
  child(fields: LogFields): Logger;
  /** Hands gathered lines to the sink: before the process ends. */
  flush(): void;
  /** Lines that the sink would not take. */
  readonly droppedLines: number;
}

export interface LoggerOptions {
  readonly level: LogLevel;
  /** Default process.stdout. */
  readonly sink?: LogSink;
  /** Default a clock of its own. */
  readonly clock?: Clock;
}

/** A logger on a sink. All children share its batches. */
export function createLogger(options: LoggerOptions): Logger {
  const writer = new LogWriter(options.sink ?? process.stdout, options.clock ?? new SystemClock());
  return new JsonLogger(options.level, writer, "");
}

class JsonLogger implements Logger {
  readonly level: LogLevel;
  private readonly writer: LogWriter;
  /** Encoded fields of this child and its ancestors. */
  private readonly context: string;

  constructor(level: LogLevel, writer: LogWriter, context: string) {
    this.level = level;
    this.writer = writer;
    this.context = context;
  }

  get droppedLines(): number {
    return this.writer.droppedLines;
  }

  isEnabled(level: LogLevel): boolean {
    return isWritten(level, this.level);
  }

  debug(event: string, fields?: LogFields): void {
    this.write("debug", event, fields);
  }

  info(event: string, fields?: LogFields): void {
    this.write("info", event, fields);
  }

  warn(event: string, fields?: LogFields): void {
    this.write("warn", event, fields);
  }

  error(event: string, fields?: LogFields): void {
    this.write("error", event, fields);
  }

  child(fields: LogFields): Logger {
    return new JsonLogger(this.level, this.writer, this.context + encodeFields(fields));
  }

  flush(): void {
    this.writer.flush();
  }

  private write(level: LogLevel, event: string, fields: LogFields | undefined): void {
    if (!isWritten(level, this.level)) return;
    const time = new Date(this.writer.nowMs()).toISOString();
    const own = fields === undefined ? "" : encodeFields(fields);
    const line = `{"time":"${time}","level":"${level}","event":${JSON.stringify(event)}${this.context}${own}}\n`;
    this.writer.write(line, level === "error");
  }
}
