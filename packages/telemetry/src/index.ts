export { Counter, type CounterCell } from "./counter.ts";
export { type LogFields, logLimits } from "./encode-fields.ts";
export { Histogram, type HistogramCell } from "./histogram.ts";
export type { LogLevel } from "./log-level.ts";
export { type LogSink, writerLimits } from "./log-writer.ts";
export { createLogger, type Logger, type LoggerOptions } from "./logger.ts";
export {
  type MetricFamily,
  Metrics,
} from "./metrics.ts";
export { metricsTable } from "./metrics-table.ts";
export { ProcessMetrics } from "./process-metrics.ts";
export { isSecretName, redacted, redactText } from "./redact.ts";
export type { Sample } from "./sampled-family.ts";
export { type Labels, maximumSeries } from "./series.ts";
export { type ServeMetricsOptions, serveMetrics } from "./serve-metrics.ts";
