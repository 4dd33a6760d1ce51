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
  const uri = parseSipUri(uriText);
  if (!uri.ok) {
    done({ ok: false, code: uri.error.code, text: `${uriText} is no SIP URI: ${uri.error.text}` });
    return;
  }
  const known = locator.locateNow(uri.value);
  if (known !== undefined) {
    done(known.ok ? { ok: true, targets: onPath(known.targets, path) } : known);
    return;
  }
  void locateLater(locator, uri.value, path, done);
}

async function locateLater(
  locator: Locator,
  uri: SipUri,
  path: Path,
  done: (resolved: ResolvedTargets) => void,
): Promise<void> {
  const located = await locator.locate(uri);
  done(located.ok ? { ok: true, targets: onPath(located.targets, path) } : located);
}

function onPath(located: readonly LocatedTarget[], path: Path): readonly Target[] {
  return located.map((target) => ({
    interfaceName: path.interfaceName,
    connection: path.connection,
    protocol: target.protocol,
    address: target.address,
    port: target.port,
    serverName: target.serverName,
  }));
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
