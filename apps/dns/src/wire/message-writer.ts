import type { IpAddress } from "@tandem/routing";
import { headerBytes, maximumTcpMessageBytes } from "./codes.ts";

/** More than one record of ours takes: the limit is looked at between records. */
const slackBytes = 2048;
/** Highest offset that a compression pointer reaches. RFC 1035 §4.1.4. */
const lastPointerTarget = 0x3fff;

/** Writes the parts of a message behind each other, with names compressed. One message at a time; the buffer is reused. */
export class MessageWriter {
  readonly #bytes = Buffer.alloc(maximumTcpMessageBytes + slackBytes);
  /** Name in lower case to where it stands in this message. */
  readonly #names = new Map<string, number>();
  #offset = headerBytes;

  /** Starts a new message behind its header. */
  begin(): void {
    this.#names.clear();
    this.#offset = headerBytes;
  }

  get offset(): number {
    return this.#offset;
  }

  /** Takes back everything from `offset` on. */
  rewind(offset: number): void {
    this.#offset = offset;
    for (const [name, at] of this.#names) if (at >= offset) this.#names.delete(name);
  }

  /** A copy of the message. */
  finish(header: readonly number[]): Buffer {
    for (const [index, word] of header.entries()) this.#bytes.writeUInt16BE(word, index * 2);
    return Buffer.from(this.#bytes.subarray(0, this.#offset));
  }

  uint8(value: number): void {
    this.#offset = this.#bytes.writeUInt8(value, this.#offset);
  }

  uint16(value: number): void {
    this.#offset = this.#bytes.writeUInt16BE(value, this.#offset);
  }

  uint32(value: number): void {
    this.#offset = this.#bytes.writeUInt32BE(value, this.#offset);
  }

  address(address: IpAddress): void {
    if (typeof address === "number") this.uint32(address);
    else for (let group = 0; group < address.length; group++) this.uint16(address.charCodeAt(group));
  }

  /** RFC 1035 §3.3: a length and so many bytes. At most 255 characters of ASCII. */
  characterString(text: string): void {
    this.uint8(text.length);
    this.#offset += this.#bytes.write(text, this.#offset, "latin1");
  }

  /** The question's name as it came. What follows points into it, so that answers keep its case. */
  questionName(nameBytes: Buffer, labels: readonly string[]): void {
    let at = this.#offset + nameBytes.length - 1;
    let suffix = "";
    for (const label of labels.toReversed()) {
      // A dot inside a label would make two different names look the same.
      if (label.includes(".")) break;
      at -= label.length + 1;
      suffix = suffix === "" ? label : `${label}.${suffix}`;
      this.#names.set(suffix, at);
    }
    this.#offset += nameBytes.copy(this.#bytes, this.#offset);
  }

  /** Owner of a record, or a name in the data of a type that RFC 1035 defines. */
  compressedName(name: string): void {
    this.#name(name, true);
  }

  /** A name in the data of newer types: RFC 2782, RFC 3403 and RFC 3597 §4 forbid compression there. */
  plainName(name: string): void {
    this.#name(name, false);
  }

  /** Writes what `write` writes, with its length in 16 bits in front. */
  withLength(write: () => void): void {
    const at = this.#offset;
    this.uint16(0);
    write();
    this.#bytes.writeUInt16BE(this.#offset - at - 2, at);
  }

  #name(name: string, isCompressed: boolean): void {
    let rest = name;
    while (rest !== "") {
      const known = isCompressed ? this.#names.get(rest) : undefined;
      if (known !== undefined) {
        this.uint16(0xc000 | known);
        return;
      }
      if (isCompressed && this.#offset <= lastPointerTarget) this.#names.set(rest, this.#offset);
      const dot = rest.indexOf(".");
      this.characterString(dot === -1 ? rest : rest.slice(0, dot));
      rest = dot === -1 ? "" : rest.slice(dot + 1);
    }
    this.uint8(0);
  }
}
