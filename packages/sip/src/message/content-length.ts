import { decimalIn } from "../uri/decimal.ts";
import { failure, type Parsed, success } from "../uri/parsed.ts";
import { headerField } from "./header-field-name.ts";
import { foldedRow, type HeaderIndex, rowStride, unfold } from "./header-index.ts";

/** Anything above this is malformed, whatever the framing. */
const maximumContentLength = 4_294_967_295;

const malformed = failure(
  "content-length-malformed",
  "Malformed Content-Length header field",
  "Content-Length",
);
const repeated = failure(
  "content-length-repeated",
  "More than one Content-Length header field",
  "Content-Length",
);
const absent: Parsed<undefined> = success(undefined);

/** Content-Length of an indexed header; undefined when absent. Two rows are a fault even if they agree: RFC 3261 §7.3.1. */
export function contentLengthOf(text: string, index: HeaderIndex): Parsed<number | undefined> {
  const bit = 1 << headerField.contentLength;
  if ((index.seen & bit) === 0) return absent;
  if ((index.repeated & bit) !== 0) return repeated;
  const rows = index.rows;
  let row = 0;
  while (((rows[row] ?? 0) & 255) !== headerField.contentLength) row += rowStride;
  const start = rows[row + 3] ?? 0;
  const end = rows[row + 4] ?? 0;
  const value = (rows[row] ?? 0) >= foldedRow ? unfold(text, start, end) : undefined;
  const length =
    value === undefined
      ? decimalIn(text, start, end, maximumContentLength)
      : decimalIn(value, 0, value.length, maximumContentLength);
  return length < 0 ? malformed : success(length);
}
