/** RFC 5923. */
import type { CoverageRow } from "../coverage-row.ts";

const connectionPool = "packages/sip/src/transport/connection-pool.ts";
const reusedConnections = "packages/sip/src/transport/reused-connections.ts";
const test = "packages/sip/src/transport/reused-connections.test.ts";

export const rows: readonly CoverageRow[] = [
  {
    section: "5",
    rfc: 5923,
    level: "rule",
    sentence:
      "A connection carries requests back only when the peer has asked for it: alias in its topmost Via.",
    code: connectionPool,
    line: 'if (via === undefined || !hasViaParameter(text, via, "alias")) return;',
    breaks: "if (via === undefined) return;",
    test,
    name: "requests go back on the accepted connection only when the peer's Via says so",
  },
  {
    section: "9",
    rfc: 5923,
    level: "rule",
    sentence: "Over TCP nothing proves who says alias: it is passed over.",
    code: connectionPool,
    line: 'mayBeReused: protocol === "TLS" || transportInterface.tcpConnectionReuse === true,',
    breaks: "mayBeReused: true,",
    test,
    name: "TCP: an alias is not heeded unless the interface says so: nothing proves who says it",
  },
  {
    section: "9.3",
    rfc: 5923,
    level: "MUST",
    sentence:
      "Over TLS the certificate of the client is authenticated, and names the host that the request is meant for.",
    code: reusedConnections,
    line: "if (certificate === undefined || checkPeerIdentity(identity, certificate) !== undefined) return false;",
    breaks: "if (certificate === undefined) return false;",
    test,
    name: "TLS: to whom the certificate names, by the authorities of servers, and to nobody else",
  },
];
