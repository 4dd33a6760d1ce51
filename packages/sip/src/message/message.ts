import { decimalIn } from "../uri/decimal.ts";
import { type Failure, failure, type Parsed, type SipSyntaxError, success } from "../uri/parsed.ts";
import { type ContentType, contentTypeIn } from "./content-type.ts";
import { type Cseq, cseqIn } from "./cseq.ts";
import { headerField, headerFieldId, nameOfId, unknownHeaderField } from "./header-field-name.ts";
import type { HeaderFieldRow } from "./header-fields.ts";
import { foldedRow, type HeaderIndex, rowStride, unfold } from "./header-index.ts";
import { endOfElement, splitList } from "./header-parameters.ts";
import { type NameAddr, nameAddrIn } from "./name-addr.ts";
import { type Via, viaIn } from "./via.ts";

/** RFC 3261 §20.22. */
const maximumMaxForwards = 255;

const missing = {
  via: failure("via-missing", "Missing Via header field", "Via"),
  from: failure("from-missing", "Missing From header field", "From"),
  to: failure("to-missing", "Missing To header field", "To"),
  cseq: failure("cseq-missing", "Missing CSeq header field", "CSeq"),
} as const;

/**
 * A received message: one latin1 text and an index of its header field rows. Nothing is cut out of the text before it is
 * asked for; typed header fields are parsed once. Immutable.
 */
export abstract class Message {
  /** The whole message, one character per byte. */
  readonly text: string;
  /** First fault found while the rows were indexed or the body was delimited; for validateRequest and validateResponse. */
  readonly syntaxFault: SipSyntaxError | undefined;
  protected readonly index: HeaderIndex;
  private readonly bodyEnd: number;
  private viaCache: Parsed<Via> | undefined = undefined;
  private viasCache: Parsed<readonly Via[]> | undefined = undefined;
  private fromCache: Parsed<NameAddr> | undefined = undefined;
  private toCache: Parsed<NameAddr> | undefined = undefined;
  private cseqCache: Parsed<Cseq> | undefined = undefined;
  private contactsCache: Parsed<readonly NameAddr[] | "*"> | undefined = undefined;
  private contactCache: Parsed<NameAddr | undefined> | undefined = undefined;
  private contentTypeCache: Parsed<ContentType> | undefined = undefined;
  private callIdCache: string | undefined = undefined;

  constructor(text: string, index: HeaderIndex, bodyEnd: number, syntaxFault: SipSyntaxError | undefined) {
    this.text = text;
    this.index = index;
    this.bodyEnd = bodyEnd;
    this.syntaxFault = syntaxFault;
  }

  /** The message body, latin1. */
  get body(): string {
    return this.text.slice(this.index.bodyStart, this.bodyEnd);
  }

  /** First row of the header field, unfolded and trimmed. The name in its long form; compact forms are found too. */
  value(name: string): string | undefined {
    const row = this.rowNamed(name, 0);
    return row < 0 ? undefined : this.valueOfRow(row);
  }

  /** All rows of the header field in order, not split at commas. */
  values(name: string): readonly string[] {
    const all: string[] = [];
    for (let row = this.rowNamed(name, 0); row >= 0; row = this.rowNamed(name, row + rowStride)) {
      all.push(this.valueOfRow(row));
    }
    return all;
  }

  /** All values of the header field: rows split at commas outside quotes and angle brackets. */
  list(name: string): readonly string[] {
    const rows = this.values(name);
    if (rows.length === 1) return splitList(rows[0] ?? "");
    const all: string[] = [];
    for (const row of rows) all.push(...splitList(row));
    return all;
  }

  has(name: string): boolean {
    return this.rowNamed(name, 0) >= 0;
  }

  /** All well-formed rows in order: canonical long names where known, else as written; values unfolded and trimmed. */
  rows(): readonly HeaderFieldRow[] {
    const all: HeaderFieldRow[] = [];
    for (let row = 0; row < this.rowCount; row++)
      all.push({ name: this.nameAt(row), value: this.valueAt(row) });
    return all;
  }

  /** Well-formed rows. With {@link idAt}, {@link nameAt} and {@link valueAt}: a walk that makes no objects. */
  get rowCount(): number {
    return this.index.rows.length / rowStride;
  }

  /** Id of the n-th row's name, {@link unknownHeaderField} if it has none. */
  idAt(row: number): number {
    return (this.index.rows[row * rowStride] ?? 0) & 255;
  }

  nameAt(row: number): string {
    const id = this.idAt(row);
    if (id !== unknownHeaderField) return nameOfId(id);
    return this.text.slice(this.index.rows[row * rowStride + 1], this.index.rows[row * rowStride + 2]);
  }

  valueAt(row: number): string {
    return this.valueOfRow(row * rowStride);
  }

  /** Topmost Via value. */
  via(): Parsed<Via> {
    this.viaCache ??= this.firstVia();
    return this.viaCache;
  }

  /** All Via values, top first. Fails if one of them is malformed. */
  vias(): Parsed<readonly Via[]> {
    this.viasCache ??= this.allVias();
    return this.viasCache;
  }

  from(): Parsed<NameAddr> {
    this.fromCache ??= this.singleNameAddr(headerField.from) ?? missing.from;
    return this.fromCache;
  }

  to(): Parsed<NameAddr> {
    this.toCache ??= this.singleNameAddr(headerField.to) ?? missing.to;
    return this.toCache;
  }

  cseq(): Parsed<Cseq> {
    this.cseqCache ??= this.parsedCseq();
    return this.cseqCache;
  }

  /** First Contact value; undefined when there is none. Fails if any of them is malformed. */
  contact(): Parsed<NameAddr | "*" | undefined> {
    const contacts = this.contacts();
    if (!contacts.ok || contacts.value === "*") return contacts as Parsed<"*">;
    this.contactCache ??= success(contacts.value[0]);
    return this.contactCache;
  }

  /** All Contact values in order. Fails if one is malformed, or if "*" is not alone (RFC 3261 §20.10). */
  contacts(): Parsed<readonly NameAddr[] | "*"> {
    this.contactsCache ??= this.isContactStar() ? success("*") : this.nameAddrs("Contact");
    return this.contactsCache;
  }

  /** All values of a header field made of name-addrs, such as Route or P-Asserted-Identity, in order. */
  nameAddrs(name: string): Parsed<readonly NameAddr[]> {
    const all: NameAddr[] = [];
    for (let row = this.rowNamed(name, 0); row >= 0; row = this.rowNamed(name, row + rowStride)) {
      const fault = this.addNameAddrs(row, all);
      if (fault !== undefined) return fault;
    }
    return success(all);
  }

  /** Call-ID, "" when absent. */
  get callId(): string {
    this.callIdCache ??= this.valueOfId(headerField.callId) ?? "";
    return this.callIdCache;
  }

  /** Tag of From, "" when absent or malformed. */
  get fromTag(): string {
    const from = this.from();
    return from.ok ? (from.value.tag ?? "") : "";
  }

  /** Tag of To, "" when absent or malformed. */
  get toTag(): string {
    const to = this.to();
    return to.ok ? (to.value.tag ?? "") : "";
  }

  /** Sequence number of CSeq, -1 when absent or malformed. */
  get cseqNumber(): number {
    const cseq = this.cseq();
    return cseq.ok ? cseq.value.sequenceNumber : -1;
  }

  /** Method of CSeq, "" when absent or malformed. */
  get cseqMethod(): string {
    const cseq = this.cseq();
    return cseq.ok ? cseq.value.method : "";
  }

  /** Branch of the topmost Via, "" when absent or malformed. */
  get branch(): string {
    const via = this.via();
    return via.ok ? (via.value.branch ?? "") : "";
  }

  /** Media type of the body in lower case, without parameters; undefined when absent or malformed. */
  contentType(): string | undefined {
    const parsed = this.parsedContentType();
    return parsed?.ok ? parsed.value.mediaType : undefined;
  }

  /** Content-Type with its parameters; undefined when absent. */
  parsedContentType(): Parsed<ContentType> | undefined {
    const row = this.rowOf(headerField.contentType);
    if (row < 0) return undefined;
    const source = this.sourceOf(row);
    this.contentTypeCache ??= contentTypeIn(source, this.startIn(source, row), this.endIn(source, row));
    return this.contentTypeCache;
  }

  /** Max-Forwards, 0 to 255; undefined when absent or malformed. */
  maxForwards(): number | undefined {
    const row = this.rowOf(headerField.maxForwards);
    if (row < 0) return undefined;
    const source = this.sourceOf(row);
    const number = decimalIn(source, this.startIn(source, row), this.endIn(source, row), maximumMaxForwards);
    return number < 0 ? undefined : number;
  }

  /** Masks of the header fields that occur and that occur repeatedly; for the validators. */
  get seenHeaderFields(): number {
    return this.index.seen;
  }

  get repeatedHeaderFields(): number {
    return this.index.repeated;
  }

  /** The header holds bytes that may not be written to the wire again. */
  get isPoisoned(): boolean {
    return this.index.isPoisoned;
  }

  private firstVia(): Parsed<Via> {
    const row = this.rowOf(headerField.via);
    if (row < 0) return missing.via;
    const source = this.sourceOf(row);
    const start = this.startIn(source, row);
    return viaIn(source, start, endOfElement(source, start, this.endIn(source, row)));
  }

  private allVias(): Parsed<readonly Via[]> {
    const all: Via[] = [];
    for (let row = this.rowOf(headerField.via); row >= 0; row = this.rowNamed("Via", row + rowStride)) {
      const source = this.sourceOf(row);
      const end = this.endIn(source, row);
      for (let at = this.startIn(source, row); at <= end; ) {
        const elementEnd = endOfElement(source, at, end);
        const parsed = all.length === 0 ? this.via() : viaIn(source, at, elementEnd);
        if (!parsed.ok) return parsed;
        all.push(parsed.value);
        at = elementEnd + 1;
      }
    }
    return all.length === 0 ? missing.via : success(all);
  }

  /** Adds the values of one row; a failure if one is malformed. */
  private addNameAddrs(row: number, all: NameAddr[]): Failure | undefined {
    const source = this.sourceOf(row);
    const end = this.endIn(source, row);
    for (let at = this.startIn(source, row); at <= end; ) {
      const elementEnd = endOfElement(source, at, end);
      const parsed = nameAddrIn(source, at, elementEnd);
      if (!parsed.ok) return parsed;
      all.push(parsed.value);
      at = elementEnd + 1;
    }
    return undefined;
  }

  private singleNameAddr(id: number): Parsed<NameAddr> | undefined {
    const row = this.rowOf(id);
    if (row < 0) return undefined;
    const source = this.sourceOf(row);
    return nameAddrIn(source, this.startIn(source, row), this.endIn(source, row));
  }

  private parsedCseq(): Parsed<Cseq> {
    const row = this.rowOf(headerField.cseq);
    if (row < 0) return missing.cseq;
    const source = this.sourceOf(row);
    return cseqIn(source, this.startIn(source, row), this.endIn(source, row));
  }

  /** "*" in the only row. */
  private isContactStar(): boolean {
    const bit = 1 << headerField.contact;
    if ((this.index.seen & bit) === 0 || (this.index.repeated & bit) !== 0) return false;
    return this.valueOfId(headerField.contact) === "*";
  }

  /** Where the value of a row is to be read: the message itself, or the unfolded value. */
  private sourceOf(row: number): string {
    return this.isFolded(row) ? this.valueOfRow(row) : this.text;
  }

  private startIn(source: string, row: number): number {
    return source === this.text ? this.valueStart(row) : 0;
  }

  private endIn(source: string, row: number): number {
    return source === this.text ? this.valueEnd(row) : source.length;
  }

  private valueOfId(id: number): string | undefined {
    const row = this.rowOf(id);
    return row < 0 ? undefined : this.valueOfRow(row);
  }

  /** Offset of the first row with that id, or -1. */
  private rowOf(id: number): number {
    const rows = this.index.rows;
    for (let row = 0; row < rows.length; row += rowStride) {
      if (((rows[row] ?? 0) & 255) === id) return row;
    }
    return -1;
  }

  private rowNamed(name: string, from: number): number {
    const id = headerFieldId(name);
    const rows = this.index.rows;
    const lowerCase = id === unknownHeaderField ? name.toLowerCase() : "";
    for (let row = from; row < rows.length; row += rowStride) {
      if (((rows[row] ?? 0) & 255) !== id) continue;
      if (id !== unknownHeaderField) return row;
      const start = rows[row + 1] ?? 0;
      const end = rows[row + 2] ?? 0;
      if (end - start === name.length && this.text.slice(start, end).toLowerCase() === lowerCase) return row;
    }
    return -1;
  }

  private valueOfRow(row: number): string {
    const start = this.valueStart(row);
    const end = this.valueEnd(row);
    return this.isFolded(row) ? unfold(this.text, start, end) : this.text.slice(start, end);
  }

  private isFolded(row: number): boolean {
    return (this.index.rows[row] ?? 0) >= foldedRow;
  }

  private valueStart(row: number): number {
    return this.index.rows[row + 3] ?? 0;
  }

  private valueEnd(row: number): number {
    return this.index.rows[row + 4] ?? 0;
  }
}
