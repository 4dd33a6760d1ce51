import { rmSync } from "node:fs";
import { openPin } from "./open-pin.ts";
import { errorNumbers, type SystemCalls } from "./system-calls.ts";

const commands = { pinObject: 6, createLink: 28 } as const;
/** BPF_TCX_INGRESS: since Linux 6.6. */
const tcxIngress = 46;
const attributeBytes = 128;

/**
 * Puts a pinned program on ingress of a device by a link, which is pinned too: it goes on without this process, and ends with
 * its pin. A program that is there already stays there by its link.
 * False: the kernel takes none; kernels before 6.6 do not know them.
 */
export function linkToIngress(calls: SystemCalls, program: string, ifindex: number, pin: string): boolean {
  const descriptor = openPin(calls, program);
  const attributes = Buffer.alloc(attributeBytes);
  attributes.writeUInt32LE(descriptor, 0);
  attributes.writeUInt32LE(ifindex, 4);
  attributes.writeUInt32LE(tcxIngress, 8);
  const link = calls.bpf(commands.createLink, attributes);
  calls.close(descriptor);
  if (link < 0) return link === -errorNumbers.EEXIST;
  const isPinned = pinLink(calls, link, pin);
  calls.close(link);
  return isPinned;
}

function pinLink(calls: SystemCalls, link: number, pin: string): boolean {
  // Of a device that is gone and had this number.
  rmSync(pin, { force: true });
  const path = Buffer.from(`${pin}\0`);
  const attributes = Buffer.alloc(attributeBytes);
  attributes.writeBigUInt64LE(calls.pointerTo(path), 0);
  attributes.writeUInt32LE(link, 8);
  return calls.bpf(commands.pinObject, attributes) === 0;
}
