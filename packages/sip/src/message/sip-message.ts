import type { Parsed, SipSyntaxError } from "../uri/parsed.ts";
import { parseSipUri, type SipUri } from "../uri/sip-uri.ts";
import type { HeaderIndex } from "./header-index.ts";
import { Message } from "./message.ts";

export type SipMessage = SipRequest | SipResponse;

/** Parts of the Request-Line as they were received; validateRequest says whether they are any good. */
export interface RequestLine {
  readonly method: string;
  readonly requestUri: string;
  readonly sipVersion: string;
}

/** A received request. Parsed, not yet validated: see validateRequest. */
export class SipRequest extends Message {
  readonly isRequest = true as const;
  /** Case-sensitive. */
  readonly method: string;
  readonly requestUri: string;
  /** As written; "" when the Request-Line has none. */
  readonly sipVersion: string;
  private uriCache: Parsed<SipUri> | undefined = undefined;

  constructor(
    text: string,
    line: RequestLine,
    index: HeaderIndex,
    bodyEnd: number,
    syntaxFault: SipSyntaxError | undefined,
  ) {
    super(text, index, bodyEnd, syntaxFault);
    this.method = line.method;
    this.requestUri = line.requestUri;
    this.sipVersion = line.sipVersion;
  }

  /** The Request-URI, parsed once; fails when it is neither SIP nor SIPS. */
  uri(): Parsed<SipUri> {
    this.uriCache ??= parseSipUri(this.requestUri);
    return this.uriCache;
  }
}

/** A received response. Parsed, not yet validated: see validateResponse. */
export class SipResponse extends Message {
  readonly isRequest = false as const;
  /** 100 to 699. */
  readonly statusCode: number;
  /** As written, may be empty. */
  readonly reasonPhrase: string;

  constructor(
    text: string,
    statusCode: number,
    reasonPhrase: string,
    index: HeaderIndex,
    bodyEnd: number,
    syntaxFault: SipSyntaxError | undefined,
  ) {
    super(text, index, bodyEnd, syntaxFault);
    this.statusCode = statusCode;
    this.reasonPhrase = reasonPhrase;
  }
}
