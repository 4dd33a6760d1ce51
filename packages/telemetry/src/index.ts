export { Counter, type CounterCell } from "./counter.ts";
export { type LogFields, logLimits } from "./encode-fields.ts";
export { Histogram, type HistogramCell } from "./histogram.ts";
export type { LogLevel } from "./log-level.ts";
export { type LogSink, writerLimits } from "./log-writer.ts";
export { createLogger, type Logger, type LoggerOptions } from "./logger.ts";
export { Metrics, prometheusContentType } from "./metrics.ts";
export { isSecretName, redacted, redactText } from "./redact.ts";
export { type Labels, maximumSeries } from "./series.ts";
