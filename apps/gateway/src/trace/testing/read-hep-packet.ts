/** What a collector reads in a datagram: each chunk of the generic vendor by its type. */
export function readHepPacket(packet: Buffer): ReadonlyMap<number, Buffer> {
  if (packet.toString("latin1", 0, 4) !== "HEP3") throw new Error("not HEP3");
  if (packet.readUInt16BE(4) !== packet.length) throw new Error("another length than it says");
  const chunks = new Map<number, Buffer>();
  for (let at = 6; at < packet.length; ) {
    const length = packet.readUInt16BE(at + 4);
    if (packet.readUInt16BE(at) !== 0 || length < 6) throw new Error(`no chunk at ${at}`);
    chunks.set(packet.readUInt16BE(at + 2), packet.subarray(at + 6, at + length));
    at += length;
  }
  return chunks;
}

/** The message that it holds. */
export function payloadOf(packet: Buffer): string {
  return readHepPacket(packet).get(0x0f)?.toString("latin1") ?? "";
}

/** What joins the messages of a call. */
export function correlationOf(packet: Buffer): string | undefined {
  return readHepPacket(packet).get(0x11)?.toString("latin1");
}
