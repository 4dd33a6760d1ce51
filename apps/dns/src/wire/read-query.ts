import { headerBytes, headerFlags, optType } from "./codes.ts";
import type { ClientEdns, Query, QueryHeader, Question, ReadQuery } from "./query.ts";
import { readPlainName, skipName } from "./read-name.ts";

const ignored: ReadQuery = { kind: "ignored" };
/** Type, class, time to live and length of a record. RFC 1035 §4.1.3. */
const recordHeadBytes = 10;
const dnssecOk = 0x8000;

/**
 * Reads one message: the header, exactly one question (RFC 9619) and the OPT record. The other records are stepped over,
 * so that a message that is cut off or has something behind its end is known. Never throws.
 */
export function readQuery(bytes: Buffer): ReadQuery {
  if (bytes.length < headerBytes) return ignored;
  const flags = bytes.readUInt16BE(2);
  if ((flags & headerFlags.response) !== 0) return ignored;
  const header: QueryHeader = {
    id: bytes.readUInt16BE(0),
    opcode: (flags >> 11) & 0xf,
    isRecursionDesired: (flags & headerFlags.recursionDesired) !== 0,
  };
  const query = readBody(bytes, header);
  return query === undefined ? { kind: "malformed", header } : { kind: "query", query };
}

function readBody(bytes: Buffer, header: QueryHeader): Query | undefined {
  if (bytes.readUInt16BE(4) !== 1) return undefined;
  const name = readPlainName(bytes, headerBytes);
  if (name === undefined || name.end + 4 > bytes.length) return undefined;
  const question: Question = {
    nameBytes: bytes.subarray(headerBytes, name.end),
    labels: name.labels,
    type: bytes.readUInt16BE(name.end),
    class: bytes.readUInt16BE(name.end + 2),
  };
  const records = readRecords(bytes, name.end + 4);
  return records === undefined ? undefined : { ...header, question, edns: records.edns };
}

/** Steps over all records up to the end of the message; undefined: they are not what the header says. */
function readRecords(bytes: Buffer, start: number): { edns: ClientEdns | undefined } | undefined {
  const firstAdditional = bytes.readUInt16BE(6) + bytes.readUInt16BE(8);
  const count = firstAdditional + bytes.readUInt16BE(10);
  let edns: ClientEdns | undefined;
  let offset = start;
  for (let index = 0; index < count; index++) {
    const owner = offset;
    const head = skipName(bytes, owner);
    if (head === undefined || head + recordHeadBytes > bytes.length) return undefined;
    offset = head + recordHeadBytes + bytes.readUInt16BE(head + 8);
    if (offset > bytes.length) return undefined;
    if (bytes.readUInt16BE(head) !== optType) continue;
    // RFC 6891 §6.1.1: at most one, of the root, in the additional section.
    if (edns !== undefined || index < firstAdditional || head !== owner + 1) return undefined;
    edns = readEdns(bytes, head);
  }
  return offset === bytes.length ? { edns } : undefined;
}

function readEdns(bytes: Buffer, head: number): ClientEdns {
  return {
    payloadBytes: bytes.readUInt16BE(head + 2),
    version: bytes.readUInt8(head + 5),
    isDnssecOk: (bytes.readUInt16BE(head + 6) & dnssecOk) !== 0,
  };
}
