import type { DigestAlgorithm, SnapshotTrunk } from "@tandem/contracts";
import { reasons } from "@tandem/reasons";
import type { RoutingTable } from "@tandem/routing";
import type { HeaderFieldRow } from "@tandem/sip/message";
import type { DigestGate } from "../digest-gate.ts";
import type { CallContext } from "./call-context.ts";
import type { StageServices } from "./stage-services.ts";
import { pass, refuse, type Verdict } from "./verdict.ts";

/**
 * IP access control lists first, then digest; when both are attached both must hold. A wrong password is refused with
 * 403, never with a new challenge: the client would ask for ever.
 */
export function authentication(call: CallContext, services: StageServices): Verdict {
  const trunk = call.knownTrunk;
  const hasLists = trunk.ipAccessControlListSids.length > 0;
  const hasCredentials = trunk.credentialListSids.length > 0;
  const { remoteAddress: address, connection } = call.flow;
  if (!hasLists && !hasCredentials) {
    return refuse(reasons.noAuthenticationConfigured, `${trunk.sid} has no authentication attached`);
  }
  if (hasLists && !call.table.allows(trunk, address, connection)) {
    return refuse(
      reasons.sourceAddressNotInAccessControlList,
      `${address} is in no access control list of ${trunk.sid}`,
    );
  }
  if (!hasCredentials) return pass(`${address} is in an access control list of ${trunk.sid}`);
  return digest(call, services);
}

function digest(call: CallContext, services: StageServices): Verdict {
  if (call.isDryRun) return assumed(call);
  const { request } = call;
  const rows = request.values("Proxy-Authorization");
  const verdict = services.digest.verifyAny(rows, request.method, request.requestUri, (username) =>
    call.table.credentials(call.knownTrunk, username),
  );
  switch (verdict.kind) {
    case "accepted":
      call.username = verdict.username;
      services.shield.onValidDigest(call.flow);
      return pass(`user ${verdict.username} gave the right password`);
    case "wrong":
      return refuse(reasons.wrongCredentials, verdict.why);
    case "malformed":
      return refuse(reasons.malformedRequest, verdict.why, { statusCode: 400 });
    case "stale":
      return challenge(call, services, true, "the nonce is stale");
    case "other-realm":
      return challenge(call, services, false, "no credentials for our realm");
  }
}

function assumed(call: CallContext): Verdict {
  const username = call.assumedUsername;
  if (username === undefined)
    return pass("digest is demanded; a dry run takes the right password for granted");
  if (call.table.credentials(call.knownTrunk, username).length > 0) return pass(`user ${username} is known`);
  return refuse(reasons.wrongCredentials, `no user ${username} in the trunk's credential lists`);
}

function challenge(call: CallContext, services: StageServices, stale: boolean, text: string): Verdict {
  const headerFields = challengesOf(call.knownTrunk, call.table, services.digest, stale);
  return refuse(reasons.credentialsRequired, text, { statusCode: 407, headerFields });
}

/** One challenge per algorithm that an attached list uses, the strongest first (RFC 8760 §2.4). */
export function challengesOf(
  trunk: SnapshotTrunk,
  table: RoutingTable,
  digest: Pick<DigestGate, "challenge">,
  stale: boolean,
): readonly HeaderFieldRow[] {
  return algorithmsOf(trunk, table).map((algorithm) => ({
    name: "Proxy-Authenticate",
    value: digest.challenge({ stale, algorithm }),
  }));
}

function algorithmsOf(trunk: SnapshotTrunk, table: RoutingTable): readonly DigestAlgorithm[] {
  const used = table.algorithmsOf(trunk);
  if (used.size === 0) return ["MD5"];
  return (["SHA-256", "MD5"] as const).filter((algorithm) => used.has(algorithm));
}
