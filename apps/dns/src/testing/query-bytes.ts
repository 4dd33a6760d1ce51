import { internetClass } from "../wire/codes.ts";
import type { Query } from "../wire/query.ts";
import { readQuery } from "../wire/read-query.ts";

export interface QueryWishes {
  readonly type?: number;
  readonly class?: number;
  readonly opcode?: number;
  readonly id?: number;
  /** Added to what follows from the rest. */
  readonly flags?: number;
  /** Undefined: no OPT. */
  readonly edns?: { readonly payloadBytes: number; readonly version?: number; readonly isDnssecOk?: boolean };
}

/** A question by hand, so that tests do not read what the code under test wrote. */
export function queryBytes(name: string, wishes: QueryWishes = {}): Buffer {
  const labels = name === "" ? [] : name.split(".");
  const question = Buffer.concat([
    ...labels.map((label) => Buffer.concat([Buffer.from([label.length]), Buffer.from(label, "latin1")])),
    Buffer.from([0]),
    words(wishes.type ?? 1, wishes.class ?? internetClass),
  ]);
  const flags = ((wishes.opcode ?? 0) << 11) | (wishes.flags ?? 0);
  const { edns } = wishes;
  const opt =
    edns === undefined
      ? Buffer.alloc(0)
      : Buffer.concat([
          Buffer.from([0]),
          words(41, edns.payloadBytes, edns.version ?? 0, edns.isDnssecOk === true ? 0x8000 : 0, 0),
        ]);
  const header = words(wishes.id ?? 0x1234, flags, 1, 0, 0, edns === undefined ? 0 : 1);
  return Buffer.concat([header, question, opt]);
}

export function words(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 2);
  for (const [index, value] of values.entries()) bytes.writeUInt16BE(value, index * 2);
  return bytes;
}

export function queryOf(name: string, wishes: QueryWishes = {}): Query {
  const read = readQuery(queryBytes(name, wishes));
  if (read.kind !== "query") throw new Error(`${name} makes no query: ${read.kind}`);
  return read.query;
}
