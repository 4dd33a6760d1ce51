import type { SystemCalls } from "./system-calls.ts";

/** BPF_OBJ_GET. */
const getObject = 7;
const attributeBytes = 128;

/** The descriptor of a pinned map or program. @throws Error when there is no such pin */
export function openPin(calls: SystemCalls, path: string): number {
  const attributes = Buffer.alloc(attributeBytes);
  const name = Buffer.from(`${path}\0`);
  attributes.writeBigUInt64LE(calls.pointerTo(name), 0);
  const descriptor = calls.bpf(getObject, attributes);
  if (descriptor < 0) throw new Error(`${path} can't be opened (error ${-descriptor})`);
  return descriptor;
}
