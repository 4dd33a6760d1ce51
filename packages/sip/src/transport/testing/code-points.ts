import { dlopen } from "node:ffi";
import { readdirSync } from "node:fs";

const internet = { level: 0, typeOfService: 1 } as const;
const internet6 = { level: 41, trafficClass: 67 } as const;
/** AF_INET6 */
const family6 = 10;

/** Differentiated services code points of this process's sockets with that local port, ascending. Linux only. */
export function codePointsAt(port: number): readonly number[] {
  const { functions } = dlopen(null, {
    getsockname: { return: "i32", arguments: ["i32", "buffer", "buffer"] },
    getsockopt: { return: "i32", arguments: ["i32", "i32", "i32", "buffer", "buffer"] },
  });
  const address = Buffer.alloc(28);
  const value = Buffer.alloc(4);
  const lengthOf = (buffer: Buffer): Buffer => Buffer.from([buffer.length, 0, 0, 0]);
  const found: number[] = [];
  for (const descriptor of readdirSync("/proc/self/fd").map(Number)) {
    const isSocket = functions.getsockname(descriptor, address, lengthOf(address)) === 0;
    if (!isSocket || address.readUInt16BE(2) !== port) continue;
    const isSix = address.readUInt16LE(0) === family6;
    const level = isSix ? internet6.level : internet.level;
    const option = isSix ? internet6.trafficClass : internet.typeOfService;
    functions.getsockopt(descriptor, level, option, value, lengthOf(value));
    found.push(value.readInt32LE() >> 2);
  }
  return found.sort((a, b) => a - b);
}
