/** Reads what dumpcap writes (draft-ietf-opsawg-pcapng): interfaces and the packets seen on them. */

export interface CapturedPacket {
  /** Wall clock. */
  readonly atMs: number;
  /** Name of the device. */
  readonly device: string;
  readonly bytes: Buffer;
}

const sectionHeader = 0x0a0d0d0a;
const interfaceDescription = 1;
const enhancedPacket = 6;
const littleEndianMagic = 0x1a2b3c4d;
const nameOption = 2;
const resolutionOption = 9;
/** Type, length, and the length again. */
const blockOverheadBytes = 12;

interface Device {
  readonly name: string;
  readonly ticksPerMs: number;
}

/** Little-endian files, as this machine writes them. A last block that is cut off is left out. */
export function readPcapng(file: Buffer): readonly CapturedPacket[] {
  const packets: CapturedPacket[] = [];
  let devices: Device[] = [];
  for (let at = 0; at + blockOverheadBytes <= file.length; ) {
    const type = file.readUInt32LE(at);
    const length = file.readUInt32LE(at + 4);
    if (length < blockOverheadBytes || at + length > file.length) break;
    const body = file.subarray(at + 8, at + length - 4);
    if (type === sectionHeader) {
      if (body.readUInt32LE(0) !== littleEndianMagic) throw new Error("not a little-endian pcapng file");
      devices = [];
    } else if (type === interfaceDescription) devices.push(readDevice(body));
    else if (type === enhancedPacket) packets.push(readPacket(body, devices));
    at += length;
  }
  return packets;
}

function readDevice(body: Buffer): Device {
  let name = "";
  let ticksPerMs = 1000;
  for (let at = 8; at + 4 <= body.length; ) {
    const code = body.readUInt16LE(at);
    const length = body.readUInt16LE(at + 2);
    if (code === 0) break;
    const value = body.subarray(at + 4, at + 4 + length);
    if (code === nameOption) name = value.toString("utf8");
    if (code === resolutionOption) ticksPerMs = ticksPerMsOf(value[0] ?? 6);
    at += 4 + Math.ceil(length / 4) * 4;
  }
  return { name, ticksPerMs };
}

/** A power of 10, or of 2 when the highest bit is set. */
function ticksPerMsOf(resolution: number): number {
  const exponent = resolution & 0x7f;
  return (resolution & 0x80 ? 2 : 10) ** exponent / 1000;
}

function readPacket(body: Buffer, devices: readonly Device[]): CapturedPacket {
  const device = devices[body.readUInt32LE(0)];
  const ticks = body.readUInt32LE(4) * 2 ** 32 + body.readUInt32LE(8);
  const length = body.readUInt32LE(12);
  return {
    atMs: ticks / (device?.ticksPerMs ?? 1000),
    device: device?.name ?? "",
    bytes: body.subarray(20, 20 + length),
  };
}
