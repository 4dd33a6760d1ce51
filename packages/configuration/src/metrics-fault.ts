import { isIP } from "node:net";

/** What a schema can't say of the `metrics` of a program; undefined: nothing. */
export function metricsFault(metrics: { readonly address?: string } | undefined): string | undefined {
  const { address } = metrics ?? {};
  if (address === undefined || isIP(address) !== 0) return undefined;
  return `/metrics/address: ${address} is no IP address`;
}
