import { headerFlags, internetClass, maximumUdpPayloadBytes, optType, recordTypes } from "./codes.ts";
import { MessageWriter } from "./message-writer.ts";
import type { Response } from "./response.ts";
import type { RecordData, ZoneRecord } from "./zone-record.ts";

/** An OPT record without options. */
const optBytes = 11;
const dnssecOk = 0x8000;

/** Responses to bytes. */
export class ResponseEncoder {
  readonly #writer = new MessageWriter();

  /**
   * At most `maximumBytes`. Answers and authorities that do not fit are all left out and the bit TC is set, so that the
   * client asks again over TCP; additional records are left out silently. RFC 2181 §9.
   */
  encode(response: Response, maximumBytes: number): Buffer {
    const limit = maximumBytes - (response.edns === undefined ? 0 : optBytes);
    const { answers, authorities, additionals, question } = response;
    this.#begin(response);
    const start = this.#writer.offset;
    const isWhole = this.#section(answers, limit) && this.#section(authorities, limit);
    if (!isWhole) this.#writer.rewind(start);
    const added = isWhole ? this.#additionals(additionals, limit) : 0;
    if (response.edns !== undefined) this.#opt(response.responseCode, response.edns.isDnssecOk);
    return this.#writer.finish([
      response.id,
      flagsOf(response, !isWhole),
      question === undefined ? 0 : 1,
      isWhole ? answers.length : 0,
      isWhole ? authorities.length : 0,
      added + (response.edns === undefined ? 0 : 1),
    ]);
  }

  /** Header and question with TC set and nothing else: makes the client prove its address by TCP. */
  encodeTruncated(response: Response): Buffer {
    this.#begin(response);
    if (response.edns !== undefined) this.#opt(0, response.edns.isDnssecOk);
    return this.#writer.finish([
      response.id,
      flagsOf({ ...response, responseCode: 0 }, true),
      response.question === undefined ? 0 : 1,
      0,
      0,
      response.edns === undefined ? 0 : 1,
    ]);
  }

  #begin({ question }: Response): void {
    const writer = this.#writer;
    writer.begin();
    if (question === undefined) return;
    writer.questionName(question.nameBytes, question.labels);
    writer.uint16(question.type);
    writer.uint16(question.class);
  }

  /** False as soon as one does not fit. */
  #section(records: readonly ZoneRecord[], limit: number): boolean {
    return records.every((record) => {
      this.#record(record);
      return this.#writer.offset <= limit;
    });
  }

  /** How many were written: all records of an owner or none. */
  #additionals(records: readonly ZoneRecord[], limit: number): number {
    let written = 0;
    let groupStart = this.#writer.offset;
    for (const [index, record] of records.entries()) {
      if (record.owner !== records[index - 1]?.owner) {
        written = index;
        groupStart = this.#writer.offset;
      }
      this.#record(record);
      if (this.#writer.offset <= limit) continue;
      this.#writer.rewind(groupStart);
      return written;
    }
    return records.length;
  }

  #record({ owner, ttlSeconds, data }: ZoneRecord): void {
    const writer = this.#writer;
    writer.compressedName(owner);
    writer.uint16(recordTypes[data.type]);
    writer.uint16(internetClass);
    writer.uint32(ttlSeconds);
    writer.withLength(() => writeData(writer, data));
  }

  #opt(responseCode: number, isDnssecOk: boolean): void {
    const writer = this.#writer;
    writer.uint8(0);
    writer.uint16(optType);
    writer.uint16(maximumUdpPayloadBytes);
    writer.uint8(responseCode >> 4);
    writer.uint8(0);
    writer.uint16(isDnssecOk ? dnssecOk : 0);
    writer.uint16(0);
  }
}

function flagsOf(response: Response, isTruncated: boolean): number {
  return (
    headerFlags.response |
    (response.opcode << 11) |
    (response.isAuthoritative ? headerFlags.authoritative : 0) |
    (isTruncated ? headerFlags.truncated : 0) |
    (response.isRecursionDesired ? headerFlags.recursionDesired : 0) |
    (response.responseCode & 0xf)
  );
}

function writeData(writer: MessageWriter, data: RecordData): void {
  switch (data.type) {
    case "A":
    case "AAAA":
      writer.address(data.address);
      return;
    case "NS":
      writer.compressedName(data.host);
      return;
    case "SOA":
      writer.compressedName(data.primary);
      writer.compressedName(data.mailbox);
      for (const value of [data.serial, data.refresh, data.retry, data.expire, data.minimum]) {
        writer.uint32(value);
      }
      return;
    case "SRV":
      for (const value of [data.priority, data.weight, data.port]) writer.uint16(value);
      writer.plainName(data.target);
      return;
    case "NAPTR":
      writer.uint16(data.order);
      writer.uint16(data.preference);
      for (const text of ["s", data.service, ""]) writer.characterString(text);
      writer.plainName(data.replacement);
      return;
    case "HINFO":
      writer.characterString(data.cpu);
      writer.characterString(data.os);
      return;
  }
}
