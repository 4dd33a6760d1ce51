import type { LocatedTarget, Locator } from "../locate/index.ts";
import type { Flow } from "../transport/flow.ts";
import type { Target } from "../transport/target.ts";
import { parseSipUri, type SipUri } from "../uri/index.ts";

/** The network a leg lives on: every request of the leg leaves by it. */
export interface Path {
  readonly interfaceName: string;
  readonly connection: string | undefined;
}

export type ResolvedTargets =
  | { readonly ok: true; readonly targets: readonly Target[] }
  | { readonly ok: false; readonly code: string; readonly text: string };

export type LocatedUri =
  | { readonly ok: true; readonly targets: readonly LocatedTarget[] }
  | { readonly ok: false; readonly code: string; readonly text: string };

/**
 * Finds the addresses of a URI (RFC 3263) on a path. Calls back synchronously when the host is numeric or cached,
 * which is the common case of a call in progress, and never throws.
 */
export function resolveUri(
  locator: Locator,
  uriText: string,
  path: Path,
  done: (resolved: ResolvedTargets) => void,
): void {
  locateUri(locator, uriText, (located) => {
    done(located.ok ? { ok: true, targets: located.targets.map((one) => targetOnPath(one, path)) } : located);
  });
}

/** The same for whoever chooses the path by the address. */
export function locateUri(locator: Locator, uriText: string, done: (located: LocatedUri) => void): void {
  const uri = parseSipUri(uriText);
  if (!uri.ok) {
    done({ ok: false, code: uri.error.code, text: `${uriText} is no SIP URI: ${uri.error.text}` });
    return;
  }
  const known = locator.locateNow(uri.value);
  if (known === undefined) void locateLater(locator, uri.value, done);
  else done(known);
}

async function locateLater(
  locator: Locator,
  uri: SipUri,
  done: (located: LocatedUri) => void,
): Promise<void> {
  done(await locator.locate(uri));
}

/** A located address as a target of that path. */
export function targetOnPath(located: LocatedTarget, path: Path): Target {
  return {
    interfaceName: path.interfaceName,
    connection: path.connection,
    protocol: located.protocol,
    address: located.address,
    port: located.port,
    serverName: located.serverName,
  };
}

/** The far end of a flow as a target: requests towards a peer behind NAT go back the way its own came. */
export function targetOfFlow(flow: Flow): Target {
  return {
    interfaceName: flow.interfaceName,
    connection: flow.connection,
    protocol: flow.protocol,
    address: flow.remoteAddress,
    port: flow.remotePort,
    flow,
  };
}
