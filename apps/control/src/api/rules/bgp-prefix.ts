import { ApiError } from "../conventions/api-error.ts";
import { signalingNetworkOf } from "./signaling-network.ts";

/** `192.0.2.0/24`, or with its parts down to a length, `192.0.2.0/24 le 32`, as routers write it. */
export function bgpPrefixOf(text: string): { prefix: string; maximum_length: number | null } {
  const [, network = "", length] = /^(\S+)(?: le (\d{1,3}))?$/.exec(text.trim()) ?? [];
  const prefix = signalingNetworkOf(network);
  if (length === undefined) return { prefix, maximum_length: null };
  const whole = prefix.includes(":") ? 128 : 32;
  const own = prefix.includes("/") ? Number(prefix.split("/")[1]) : whole;
  const maximum = Number(length);
  if (maximum < own || maximum > whole) {
    throw new ApiError("invalidParameter", `${text}: le must be ${own}-${whole}.`);
  }
  return { prefix, maximum_length: maximum };
}
