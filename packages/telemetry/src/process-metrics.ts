import { readdirSync, readFileSync } from "node:fs";
import { constants, monitorEventLoopDelay, PerformanceObserver } from "node:perf_hooks";
import type { Clock, Timer } from "@tandem/clock";
import type { HistogramCell } from "./histogram.ts";
import type { Metrics } from "./metrics.ts";

/** How often the loop is asked for. */
const resolutionMs = 10;
const lookEveryMs = 1_000;

const gcKinds: Readonly<Record<number, string>> = {
  [constants.NODE_PERFORMANCE_GC_MINOR]: "minor",
  [constants.NODE_PERFORMANCE_GC_MAJOR]: "major",
  [constants.NODE_PERFORMANCE_GC_INCREMENTAL]: "incremental",
  [constants.NODE_PERFORMANCE_GC_WEAKCB]: "weakcb",
};

/** What the process itself costs: CPU, memory, collections, and how long the event loop stood still. */
export class ProcessMetrics {
  readonly #clock: Clock;
  readonly #program: string;
  readonly #loop = monitorEventLoopDelay({ resolution: resolutionMs });
  readonly #observer: PerformanceObserver;
  readonly #collections: Readonly<Record<string, HistogramCell>>;
  readonly #pauses: HistogramCell;
  #timer: Timer | undefined;

  /** Registers everything; `start` begins to measure. @param program `gateway`, `control`, … */
  constructor(metrics: Metrics, program: string, clock: Clock) {
    this.#clock = clock;
    this.#program = program;
    this.#registerProcess(metrics);
    const collections = metrics.histogram(
      "nodejs_gc_duration_seconds",
      "Collections of garbage by kind, and how long each stopped the program.",
      [0.001, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 1],
      ["kind"],
    );
    const cells = Object.values(gcKinds).map((kind) => [kind, collections.with({ kind })] as const);
    this.#collections = Object.fromEntries(cells);
    this.#pauses = metrics
      .histogram(
        "tandem_event_loop_delay_seconds",
        "The longest time that the event loop stood still in each second: nothing was received or sent meanwhile.",
        [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
      )
      .with({});
    this.#observer = new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) {
        const { kind } = (entry as unknown as { readonly detail: { readonly kind: number } }).detail;
        this.#collections[gcKinds[kind] ?? ""]?.observe(entry.duration / 1000);
      }
    });
  }

  start(): void {
    this.#loop.enable();
    this.#observer.observe({ entryTypes: ["gc"] });
    this.#timer ??= this.#clock.schedule(lookEveryMs, look, this);
  }

  /** Idempotent. */
  close(): void {
    this.#loop.disable();
    this.#observer.disconnect();
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  /** @internal */
  look(): void {
    // Nanoseconds; an idle loop shows the resolution itself.
    const pauseMs = Math.max(0, this.#loop.max / 1e6 - resolutionMs);
    this.#loop.reset();
    this.#pauses.observe(pauseMs / 1000);
    this.#timer = this.#clock.schedule(lookEveryMs, look, this);
  }

  #registerProcess(metrics: Metrics): void {
    const startedSeconds = this.#clock.wallMs() / 1000 - process.uptime();
    metrics.gauges("tandem_build_info", "1, with what runs.", ["program", "version", "node"], (sample) =>
      sample(1, this.#program, version, process.version),
    );
    metrics.counters(
      "process_cpu_seconds_total",
      "Processor time of all threads, in seconds.",
      [],
      (sample) => {
        const { user, system } = process.cpuUsage();
        sample((user + system) / 1e6);
      },
    );
    metrics.gauge("process_resident_memory_bytes", "Memory that is in RAM.", () => process.memoryUsage.rss());
    metrics.gauge("process_start_time_seconds", "When the process began, Unix time.", () => startedSeconds);
    metrics.gauge(
      "process_open_fds",
      "Open file descriptors, sockets among them. Linux only.",
      openDescriptors,
    );
    metrics.gauge("nodejs_heap_size_used_bytes", "Heap in use.", () => process.memoryUsage().heapUsed);
    metrics.gauge("nodejs_heap_size_total_bytes", "Heap reserved.", () => process.memoryUsage().heapTotal);
    metrics.gauge(
      "nodejs_external_memory_bytes",
      "Memory outside the heap that its objects hold, buffers among it.",
      () => process.memoryUsage().external,
    );
  }
}

const version: string = (
  JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as { version: string }
).version;

function openDescriptors(): number | undefined {
  try {
    return readdirSync("/proc/self/fd").length;
  } catch {
    return undefined;
  }
}

function look(metrics: ProcessMetrics): void {
  metrics.look();
}
