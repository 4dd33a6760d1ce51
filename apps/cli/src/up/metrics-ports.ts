/** Where the programs of `up` serve their metrics. */
import type { MetricsConfiguration } from "@tandem/contracts";
import { checkPort } from "../doctor/ports.ts";
import type { ListenOptions } from "./listen-options.ts";

const order = ["control", "gateway", "dns"] as const;
export type WatchedProgram = (typeof order)[number];

/** Undefined: it serves none. */
export function metricsOf(
  { metrics }: Pick<ListenOptions, "metrics">,
  program: WatchedProgram,
): Required<Pick<MetricsConfiguration, "address" | "port">> | undefined {
  if (metrics === undefined) return undefined;
  return { address: metrics.address, port: metrics.firstPort + order.indexOf(program) };
}

/** What `up` prints: the programs that run, and where each is watched. */
export function metricsLines(options: Pick<ListenOptions, "metrics" | "nameServer">): readonly string[] {
  const programs = order.filter((program) => program !== "dns" || options.nameServer !== undefined);
  return programs.flatMap((program) => {
    const place = metricsOf(options, program);
    if (place === undefined) return [];
    const host = place.address.includes(":") ? `[${place.address}]` : place.address;
    return [`  metrics       http://${host}:${place.port}/metrics (${program})`];
  });
}

/**
 * Without metrics, with a word why, when a port of theirs is taken: it is no reason not to take calls.
 * @param note tells people
 */
export async function withFreeMetricsPorts<O extends ListenOptions>(
  options: O,
  note: (text: string) => void,
): Promise<O> {
  const places = order.flatMap((program) => metricsOf(options, program) ?? []);
  const findings = await Promise.all(
    places.map(({ address, port }) => checkPort({ protocol: "tcp", address, port, purpose: "metrics" })),
  );
  const taken = findings.find((finding) => finding.level === "fail");
  if (taken === undefined) return options;
  note(`no metrics are served: ${taken.text} (--metrics-port)`);
  return { ...options, metrics: undefined };
}
