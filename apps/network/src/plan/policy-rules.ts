import { formatIpv4, formatIpv4Network, type Ipv4Network } from "../ipv4.ts";
import type { Line } from "../lines/line.ts";

/**
 * Priorities of the rules. The kernel tries rules one after the other for every packet, so a thousand of them in a row
 * would cost some 15 µs each time, for the internet's packets too. Hence a tree of two levels: who has no local address
 * jumps over all of it, the others to the block of 32 addresses that theirs is in.
 */
export const rulePriorities = {
  passBy: 10_000,
  toBlock: 10_001,
  noBlock: 10_002,
  /** And one for each of the 2048 blocks of a /16. */
  firstBlock: 10_010,
  noLine: 12_090,
  end: 12_100,
} as const;
const blockAddresses = 32;
const blocks = 2048;

/** In the order in which they are made: a jump after its target. Each is what follows `ip rule add`. */
export function policyRules(pool: Ipv4Network, lines: readonly Line[]): readonly string[] {
  const poolText = formatIpv4Network(pool);
  const { passBy, toBlock, noBlock, firstBlock, noLine, end } = rulePriorities;
  const jumps = new Map<number, string>();
  const lookups = lines.map(({ localAddress, routingTable }) => {
    const block = Math.floor(localAddress / blockAddresses);
    const priority = firstBlock + (block % blocks);
    const prefix = formatIpv4Network({ first: block * blockAddresses, last: 0, prefixLength: 27 });
    jumps.set(block, `pref ${toBlock} from ${prefix} goto ${priority}`);
    return `pref ${priority} from ${formatIpv4(localAddress)}/32 lookup ${routingTable}`;
  });
  return [
    `pref ${end} nop`,
    // A local address without a line reaches nobody: else a socket that outlives its line would send by the main table.
    `pref ${noLine} from ${poolText} unreachable`,
    ...lookups,
    `pref ${noBlock} from ${poolText} unreachable`,
    ...jumps.values(),
    `pref ${passBy} not from ${poolText} goto ${end}`,
  ];
}
