import type { Metrics } from "@tandem/telemetry";
import type { Gateway } from "../gateway.ts";

/** Question: do the limits of trunks hold for the region, or for each gateway alone? */
export function addLimitMetrics(metrics: Metrics, gateway: Pick<Gateway, "sharedLimits">): void {
  const counts = () => gateway.sharedLimits?.counts();
  metrics.gauge(
    "tandem_limits_shared",
    "1 while limits hold for the gateways of the region together, 0 while each counts alone. Not there: no store is configured.",
    () => {
      const isShared = counts()?.isShared;
      return isShared === undefined ? undefined : Number(isShared);
    },
  );
  metrics.gauge(
    "tandem_limit_gateways_heard",
    "Other gateways of the region whose counts are known.",
    () => counts()?.gateways,
  );
  metrics.counters(
    "tandem_limit_exchanges_total",
    "Exchanges of counts through the store, and tries that failed.",
    ["result"],
    (sample) => {
      const results = counts();
      if (results === undefined) return;
      sample(results.done, "done");
      sample(results.failed, "failed");
    },
  );
}
