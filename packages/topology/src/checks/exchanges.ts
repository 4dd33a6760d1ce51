import type { Topology } from "@tandem/contracts";
import type { Path, SemanticFault } from "../fault.ts";
import { overlap, prefixLengthOf, readNetwork } from "../network.ts";

/** Prefixes are networks; no address belongs to the encryption domains of two exchanges, or a tunnel gets none of it. */
export function* checkExchanges({ exchanges }: Topology): Generator<SemanticFault> {
  const domains: { readonly network: string; readonly exchange: string }[] = [];
  for (const [index, { name, bgpPrefixes = [], encryptionDomain = [] }] of exchanges.entries()) {
    for (const [place, { prefix, maximumLength }] of bgpPrefixes.entries()) {
      yield* checkPrefix(prefix, maximumLength, ["exchanges", index, "bgpPrefixes", place]);
    }
    for (const [place, network] of encryptionDomain.entries()) {
      const path = ["exchanges", index, "encryptionDomain", place];
      const range = readNetwork(network);
      if (range === undefined) {
        yield { path, cause: `${network} is no network (bits behind the prefix must be 0)` };
        continue;
      }
      const other = domains.find((domain) => {
        const before = readNetwork(domain.network);
        return before !== undefined && overlap(before, range);
      });
      if (other !== undefined)
        yield { path, cause: `${network} overlaps ${other.network} of exchange ${other.exchange}` };
      domains.push({ network, exchange: name });
    }
  }
}

function* checkPrefix(
  prefix: string,
  maximumLength: number | undefined,
  path: Path,
): Generator<SemanticFault> {
  if (readNetwork(prefix) === undefined) {
    yield { path: [...path, "prefix"], cause: `${prefix} is no network (bits behind the prefix must be 0)` };
  } else if (maximumLength !== undefined && !isLength(maximumLength, prefix)) {
    const cause = `${maximumLength} is no prefix length of a part of ${prefix}`;
    yield { path: [...path, "maximumLength"], cause };
  }
}

function isLength(length: number, prefix: string): boolean {
  return length >= prefixLengthOf(prefix) && length <= (prefix.includes(":") ? 128 : 32);
}
