/** A message as a peer reads it: by code of the lab's own, so that a fault of our parser does not hide itself. */
export class Heard {
  readonly text: string;
  readonly startLine: string;
  readonly body: string;
  /** "" for a response. */
  readonly method: string;
  /** 0 for a request. */
  readonly statusCode: number;
  /** Sends bytes back on the socket it came by. */
  readonly reply: (text: string) => void;
  readonly #rows: readonly (readonly [name: string, value: string])[];

  constructor(text: string, reply: (text: string) => void) {
    this.text = text;
    this.reply = reply;
    const end = text.indexOf("\r\n\r\n");
    const head = (end < 0 ? text : text.slice(0, end)).replaceAll(/\r\n[ \t]+/g, " ");
    this.body = end < 0 ? "" : text.slice(end + 4);
    const [startLine = "", ...lines] = head.split("\r\n");
    this.startLine = startLine;
    const isResponse = startLine.startsWith("SIP/2.0 ");
    this.statusCode = isResponse ? Number(startLine.slice(8, 11)) : 0;
    this.method = isResponse ? "" : (startLine.split(" ")[0] ?? "");
    this.#rows = lines.map((line) => {
      const colon = line.indexOf(":");
      return [line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()];
    });
  }

  get requestUri(): string {
    return this.startLine.split(" ")[1] ?? "";
  }

  get reasonPhrase(): string {
    return this.startLine.slice(12);
  }

  /** All values of that name, one for each row. */
  values(name: string): readonly string[] {
    const wanted = name.toLowerCase();
    return this.#rows.filter(([each]) => each === wanted).map(([, value]) => value);
  }

  /** The first value of that name; "" when there is none. */
  value(name: string): string {
    return this.values(name)[0] ?? "";
  }

  get callId(): string {
    return this.value("Call-ID");
  }

  get sequenceNumber(): number {
    return Number(this.value("CSeq").split(/\s+/)[0]);
  }

  get cseqMethod(): string {
    return this.value("CSeq").split(/\s+/)[1] ?? "";
  }

  get toTag(): string {
    return parameter(this.value("To"), "tag");
  }

  get fromTag(): string {
    return parameter(this.value("From"), "tag");
  }

  get branch(): string {
    return parameter(this.value("Via"), "branch");
  }

  /** URI of the first Contact. */
  get contactUri(): string {
    return /<([^>]*)>/.exec(this.value("Contact"))?.[1] ?? "";
  }

  /** `INVITE`, `200 INVITE`: how scripts and ladders name it. */
  get what(): string {
    return this.statusCode === 0 ? this.method : `${this.statusCode} ${this.cseqMethod}`;
  }
}

/** Of a header field value: the parameter behind the last `>`. */
function parameter(value: string, name: string): string {
  const parameters = value.slice(value.lastIndexOf(">") + 1);
  return new RegExp(`;\\s*${name}\\s*=\\s*([^;,\\s]+)`, "i").exec(parameters)?.[1] ?? "";
}
