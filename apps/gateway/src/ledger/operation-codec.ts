import type { LedgerOperation } from "./ledger-messages.ts";

/**
 * Operations as one string: handing a string to another thread is a copy, handing objects is a walk over each.
 * The separators can't occur inside: SIDs are hex, and JSON escapes control characters.
 */
const unitSeparator = "\u001f";
const recordSeparator = "\u001e";

/** One operation, ready to be appended to a batch. */
export function encodeOperation(operation: LedgerOperation): string {
  switch (operation.kind) {
    case "journal":
      return `J${operation.callSid}${unitSeparator}${operation.text}${recordSeparator}`;
    case "finish":
      return `F${operation.callSid}${unitSeparator}${operation.text}${recordSeparator}`;
    case "finish-leg":
      return `L${operation.callSid}${unitSeparator}${operation.text}${recordSeparator}`;
    case "forget":
      return `X${operation.callSid}${recordSeparator}`;
    case "alert":
      return `A${operation.text}${recordSeparator}`;
    case "stored":
      return `S${operation.sequence}${recordSeparator}`;
  }
}

/** The operations of a batch, in their order. */
export function decodeOperations(batch: string): LedgerOperation[] {
  const operations: LedgerOperation[] = [];
  let start = 0;
  for (let end = batch.indexOf(recordSeparator); end >= 0; end = batch.indexOf(recordSeparator, start)) {
    operations.push(decodeOperation(batch.slice(start, end)));
    start = end + 1;
  }
  return operations;
}

function decodeOperation(record: string): LedgerOperation {
  const rest = record.slice(1);
  const separator = rest.indexOf(unitSeparator);
  const callSid = separator < 0 ? rest : rest.slice(0, separator);
  const text = rest.slice(separator + 1);
  switch (record.charAt(0)) {
    case "J":
      return { kind: "journal", callSid, text };
    case "F":
      return { kind: "finish", callSid, text };
    case "L":
      return { kind: "finish-leg", callSid, text };
    case "X":
      return { kind: "forget", callSid };
    case "A":
      return { kind: "alert", text: rest };
    case "S":
      return { kind: "stored", sequence: Number(rest) };
    default:
      throw new Error(`an operation of unknown kind ${JSON.stringify(record.charAt(0))}`);
  }
}
