import type { Clock, Timer } from "@tandem/clock";

/** Where lines go; process.stdout and every writable stream fit. */
export interface LogSink {
  /** `onWritten` gets the error when the text could not be written. */
  write(text: string, onWritten: (error?: Error | null) => void): unknown;
  /** Bytes that the sink has not got rid of yet. */
  readonly writableLength?: number;
  /** A stream tells here that it failed, and the error is the process's own when nobody listens. */
  on?(event: "error", listener: () => void): unknown;
}

export const writerLimits = {
  /** A batch is written when it holds so many chars, or after `batchMs`. */
  maximumBatchLength: 65_536,
  batchMs: 10,
  /** A sink with more than this waiting is not given more: lines are dropped and counted. */
  maximumWaitingBytes: 4_194_304,
} as const;

/**
 * Gathers lines into batches, so that a line costs no system call. A sink that fails, because its reader is gone or its disk is
 * full, costs the lines and nothing else: no program ends, and none gets busy, over its log.
 */
export class LogWriter {
  /** Lines dropped since the sink would not take them. */
  droppedLines = 0;
  private readonly sink: LogSink;
  private readonly clock: Clock;
  private batch = "";
  private batchLines = 0;
  private timer: Timer | undefined = undefined;
  /** Of `droppedLines`, those that no line in the log tells of yet. */
  private untoldDrops = 0;

  constructor(sink: LogSink, clock: Clock) {
    this.sink = sink;
    this.clock = clock;
    // What is lost is counted where it was written.
    sink.on?.("error", () => undefined);
  }

  /** Milliseconds of the Unix epoch, for lines. */
  nowMs(): number {
    return this.clock.wallMs();
  }

  /** `line` ends in a line feed. An urgent one is written at once, with those before it. */
  write(line: string, isUrgent: boolean): void {
    this.batch += line;
    this.batchLines += 1;
    if (isUrgent || this.batch.length >= writerLimits.maximumBatchLength) {
      this.flush();
    } else if (this.timer?.isPending !== true) {
      this.timer = this.clock.schedule(writerLimits.batchMs, flushWriter, this);
    }
  }

  /** Hands what is gathered to the sink. */
  flush(): void {
    this.timer?.cancel();
    if (this.batch === "") return;
    const { batch, batchLines } = this;
    this.batch = "";
    this.batchLines = 0;
    if ((this.sink.writableLength ?? 0) > writerLimits.maximumWaitingBytes) {
      this.drop(batchLines);
      return;
    }
    const notice = this.untoldDrops === 0 ? "" : this.dropNotice();
    const told = this.untoldDrops;
    this.untoldDrops = 0;
    const onFailure = (): void => {
      this.drop(batchLines);
      this.untoldDrops += told;
    };
    try {
      this.sink.write(notice + batch, (error) => {
        if (error !== undefined && error !== null) onFailure();
      });
    } catch {
      onFailure();
    }
  }

  private drop(lines: number): void {
    this.droppedLines += lines;
    this.untoldDrops += lines;
  }

  private dropNotice(): string {
    const time = new Date(this.nowMs()).toISOString();
    return `{"time":"${time}","level":"warn","event":"log-lines-dropped","lines":${this.untoldDrops}}\n`;
  }
}

function flushWriter(writer: LogWriter): void {
  writer.flush();
}
