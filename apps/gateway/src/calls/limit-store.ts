import { readFileSync } from "node:fs";
import type { GatewayConfiguration, SharedLimitsConfiguration } from "@tandem/contracts";
import type { CountStore } from "@tandem/coordination";

const defaultPort = 6379;
const defaultKeyPrefix = "tandem";

/**
 * Makes ways to the store of the configuration; undefined: limits are not shared, and the store's client is not even loaded.
 * A way reads the file of authorities anew, so that one that is missing is a fault of the store, which calls survive.
 */
export async function limitStore({
  sharedLimits,
  region,
  name,
}: GatewayConfiguration): Promise<(() => CountStore) | undefined> {
  if (sharedLimits === undefined) return undefined;
  const { ValkeyStore } = await import("@tandem/coordination/valkey");
  const { host, port = defaultPort, database = 0, username, password, keyPrefix } = sharedLimits;
  const store = { host, port, database, username, password, keyPrefix: keyPrefix ?? defaultKeyPrefix };
  return () => new ValkeyStore({ ...store, region, gateway: name, tls: tlsOf(sharedLimits) });
}

function tlsOf({ tls }: SharedLimitsConfiguration): { readonly authorities?: string } | undefined {
  if (tls?.authoritiesFile === undefined) return tls === undefined ? undefined : {};
  return { authorities: readFileSync(tls.authoritiesFile, "utf8") };
}
