import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Key presses as SIPp brings them, recorded from a telephone: ten packets of RFC 4733 each, 101 as their payload type. */
const recordings = "/usr/share/sip-tester";

/** Bytes of a pcap file before its packets, and before each of them. */
const fileHeaderBytes = 24;
const recordHeaderBytes = 16;
const capturedLengthAt = 8;
/** Ethernet, IPv4 without options, UDP: the recordings have no other. */
const rtpAt = 14 + 20 + 8;

export type Key = "0" | "1" | "2" | "3" | "4" | "5" | "6" | "7" | "8" | "9" | "star" | "pound";

/**
 * A copy of a recording with another payload type, for a peer that wants events to come with that one.
 * @returns the file's path
 */
export function recordedKey(key: Key, payloadType: number, directory: string): string {
  const data = readFileSync(join(recordings, `dtmf_2833_${key}.pcap`));
  for (let at = fileHeaderBytes; at < data.length; ) {
    const packetAt = at + recordHeaderBytes;
    const byte = packetAt + rtpAt + 1;
    data[byte] = ((data[byte] ?? 0) & 0x80) | payloadType;
    at = packetAt + data.readUInt32LE(at + capturedLengthAt);
  }
  const file = join(directory, `key-${key}-${payloadType}.pcap`);
  writeFileSync(file, data);
  return file;
}
