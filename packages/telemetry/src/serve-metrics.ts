import type { Clock } from "@tandem/clock";
import type { Logger } from "./logger.ts";
import type { Metrics } from "./metrics.ts";
import { MetricsListener, type MetricsListenerOptions } from "./metrics-listener.ts";
import { ProcessMetrics } from "./process-metrics.ts";

export interface ServeMetricsOptions {
  /** `gateway`, `control`, … */
  readonly program: string;
  readonly metrics: Metrics;
  readonly clock: Clock;
  readonly logger: Pick<Logger, "info" | "warn">;
  readonly address: string;
  readonly port: number;
  readonly notReady: MetricsListenerOptions["notReady"];
}

/**
 * Adds what the process itself costs and serves it all. An address or port that can't be had is told to the log: whoever
 * watches a program must not keep it from working. Returns what ends it.
 */
export async function serveMetrics(options: ServeMetricsOptions): Promise<() => Promise<void>> {
  const { program, metrics, clock, logger, address, port, notReady } = options;
  const own = new ProcessMetrics(metrics, program, clock);
  const listener = new MetricsListener({
    clock,
    address,
    port,
    metrics,
    notReady,
    onFault: (error) => logger.warn("metrics-fault", { error: String(error) }),
  });
  try {
    const url = await listener.open();
    own.start();
    logger.info("serving-metrics", { url: `${url}/metrics` });
  } catch (error) {
    logger.warn("metrics-not-served", { address, port, error: String(error) });
  }
  return async () => {
    own.close();
    await listener.close();
  };
}
