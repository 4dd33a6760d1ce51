import type * as Ffi from "node:ffi";
import { withForeignFunctions } from "./foreign-functions.ts";

/** What the C library knows of IPv6 addresses and of the interfaces that their zones name. */
export interface AddressCalls {
  /** Writes the 16 bytes of an address without a zone. False: the text is none. */
  write(address: string, into: Buffer): boolean;
  /** @param bytes 16 */
  text(bytes: Buffer): string;
  /** 0: there is no such interface. */
  interfaceNumber(name: string): number;
  /** Undefined: there is no such interface. */
  interfaceName(number: number): string | undefined;
}

const familyIPv6 = 10;
/** INET6_ADDRSTRLEN and IF_NAMESIZE: longer texts there are none, with the zero at their end. */
const addressBytes = 46;
const interfaceNameBytes = 16;

export const addressCalls: () => AddressCalls | string = withForeignFunctions(bound);

function bound(ffi: typeof Ffi): AddressCalls {
  const { functions } = ffi.dlopen(null, {
    inet_pton: { return: "i32", arguments: ["i32", "string", "buffer"] },
    inet_ntop: { return: "pointer", arguments: ["i32", "buffer", "buffer", "u32"] },
    if_nametoindex: { return: "u32", arguments: ["string"] },
    if_indextoname: { return: "pointer", arguments: ["u32", "buffer"] },
  });
  const address = Buffer.alloc(addressBytes);
  const interfaceName = Buffer.alloc(interfaceNameBytes);
  return {
    write: (text, into) => functions.inet_pton(familyIPv6, text, into) === 1,
    text: (bytes) => {
      functions.inet_ntop(familyIPv6, bytes, address, address.length);
      return textOf(address);
    },
    interfaceNumber: (name) => functions.if_nametoindex(name),
    interfaceName: (number) =>
      functions.if_indextoname(number, interfaceName) === 0n ? undefined : textOf(interfaceName),
  };
}

function textOf(buffer: Buffer): string {
  return buffer.toString("latin1", 0, buffer.indexOf(0));
}
