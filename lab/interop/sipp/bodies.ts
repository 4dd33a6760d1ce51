/** Session descriptions that SIPp peers send. */

type Direction = "sendrecv" | "sendonly" | "recvonly" | "inactive";

const payloadTypes = { PCMU: 0, PCMA: 8 } as const;
type Codec = keyof typeof payloadTypes;

interface AudioOptions {
  readonly version?: number;
  readonly direction?: Direction;
  readonly port?: number;
  /** Default: both. */
  readonly codecs?: readonly Codec[];
}

/** G.711 and telephone events. `version` must grow when the description changes (RFC 3264 §8). */
export function audio(options: AudioOptions = {}): string {
  const { version = 1, direction = "sendrecv", port = 6000, codecs = ["PCMU", "PCMA"] } = options;
  return `${session(version)}
m=audio ${port} RTP/AVP ${codecs.map((codec) => payloadTypes[codec]).join(" ")} 101
${codecs.map((codec) => `a=rtpmap:${payloadTypes[codec]} ${codec}/8000`).join("\n")}
a=rtpmap:101 telephone-event/8000
a=fmtp:101 0-16
a=ptime:20
a=${direction}
`;
}

/** T.38 over UDPTL, as a gateway offers it in a re-INVITE. */
export function fax(version = 2, port = 6100): string {
  return `${session(version)}
m=image ${port} udptl t38
a=T38FaxVersion:0
a=T38MaxBitRate:14400
a=T38FaxRateManagement:transferredTCF
a=T38FaxUdpEC:t38UDPRedundancy
`;
}

function session(version: number): string {
  return `v=0
o=peer 53655765 ${version} IN IP4 [local_ip]
s=-
c=IN IP4 [local_ip]
t=0 0`;
}
