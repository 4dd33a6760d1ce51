/** A UDP datagram over IPv4 on Ethernet, as a capture has it. */
export interface Datagram {
  readonly sourceMac: string;
  readonly source: string;
  readonly destination: string;
  readonly payload: Buffer;
}

const etherTypeIpv4 = 0x0800;
const protocolUdp = 17;
const ethernetBytes = 14;
const udpBytes = 8;

/** `source` and `destination` as `address:port`. Undefined for anything else, fragments too. */
export function readDatagram(frame: Buffer): Datagram | undefined {
  if (frame.length < ethernetBytes + 20 || frame.readUInt16BE(12) !== etherTypeIpv4) return undefined;
  const packet = frame.subarray(ethernetBytes);
  const headerBytes = ((packet[0] ?? 0) & 0x0f) * 4;
  const isFragment = (packet.readUInt16BE(6) & 0x3fff) !== 0;
  if (packet[9] !== protocolUdp || isFragment || packet.length < headerBytes + udpBytes) return undefined;
  const udp = packet.subarray(headerBytes);
  return {
    sourceMac: frame
      .subarray(6, 12)
      .toString("hex")
      .replaceAll(/..(?=.)/g, "$&:"),
    source: `${addressText(packet, 12)}:${udp.readUInt16BE(0)}`,
    destination: `${addressText(packet, 16)}:${udp.readUInt16BE(2)}`,
    // Short frames are padded.
    payload: udp.subarray(udpBytes, Math.max(udpBytes, udp.readUInt16BE(4))),
  };
}

function addressText(packet: Buffer, at: number): string {
  return [...packet.subarray(at, at + 4)].join(".");
}
