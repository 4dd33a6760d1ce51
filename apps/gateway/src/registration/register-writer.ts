import { answerChallenge, type Challenge } from "@tandem/sip/digest";
import { OutgoingRequest } from "@tandem/sip/message";
import type { Target } from "@tandem/sip/transport";
import { parseSipUri, serializeSipUri } from "@tandem/sip/uri";
import { type DigestIdentity, newCallId, newTag, type UserAgent } from "@tandem/sip/user-agent";

export interface RegisterWriterOptions {
  readonly agent: UserAgent;
  /** URI of the registrar: the Request-URI, without a user part (RFC 3261 §10.2). */
  readonly registrarUrl: string;
  readonly addressOfRecord: string;
  readonly credentials: DigestIdentity | null;
}

/** A REGISTER and what its response is judged by. */
export interface WrittenRegister {
  readonly request: OutgoingRequest;
  readonly contactUri: string;
  readonly usedNonce: string | undefined;
}

/**
 * Writes the REGISTERs of one address-of-record: one Call-ID, CSeq counted up (RFC 3261 §10.2.4), and the credentials of the last
 * challenge again until the registrar wants others.
 */
export class RegisterWriter {
  readonly #options: RegisterWriterOptions;
  readonly #requestUri: string;
  readonly #addressOfRecord: string;
  readonly #callId = newCallId();
  readonly #fromTag = newTag();
  #sequenceNumber = 0;
  #challenge: Challenge | undefined;
  #isProxy = false;
  #nonceCount = 0;

  constructor(options: RegisterWriterOptions) {
    this.#options = options;
    this.#requestUri = withoutUser(options.registrarUrl);
    this.#addressOfRecord = sipUriOf(options.addressOfRecord);
  }

  /** Where the REGISTER goes. */
  get requestUri(): string {
    return this.#requestUri;
  }

  /** Requests from now on answer it. */
  use(challenge: Challenge, isProxy: boolean): void {
    this.#challenge = challenge;
    this.#isProxy = isProxy;
    this.#nonceCount = 0;
  }

  /** `expiresSeconds` 0 removes the binding. */
  write(target: Target, expiresSeconds: number): WrittenRegister {
    const { agent } = this.#options;
    const contactUri = this.#contactUri(target);
    this.#sequenceNumber += 1;
    const request = new OutgoingRequest("REGISTER", this.#requestUri);
    request.headerFields
      .append("From", `<${this.#addressOfRecord}>;tag=${this.#fromTag}`)
      .append("To", `<${this.#addressOfRecord}>`)
      .append("Call-ID", this.#callId)
      .append("CSeq", `${this.#sequenceNumber} REGISTER`)
      .append("Contact", `<${contactUri}>`)
      .append("Expires", String(expiresSeconds))
      // RFC 3327 §5.1: proxies on the way may add themselves to the path back.
      .append("Supported", "path")
      .append("User-Agent", agent.productName);
    return { request, contactUri, usedNonce: this.#authorize(request) };
  }

  #authorize(request: OutgoingRequest): string | undefined {
    const challenge = this.#challenge;
    const { credentials } = this.#options;
    if (challenge === undefined || credentials === null) return undefined;
    this.#nonceCount += 1;
    const value = answerChallenge(challenge, credentials, "REGISTER", this.#requestUri, {
      nonceCount: this.#nonceCount,
      cnonce: newTag(),
    });
    request.headerFields.append(this.#isProxy ? "Proxy-Authorization" : "Authorization", value);
    return challenge.nonce;
  }

  /** Our address on the interface, with the user of the address-of-record: calls come with it in their Request-URI. */
  #contactUri(target: Target): string {
    const own = this.#options.agent.contact(target.interfaceName, target.protocol).slice(1, -1);
    const record = parseSipUri(this.#addressOfRecord);
    const contact = parseSipUri(own);
    if (!record.ok || !contact.ok || record.value.user === undefined) return own;
    return serializeSipUri({ ...contact.value, user: record.value.user });
  }
}

function withoutUser(registrarUrl: string): string {
  const text = sipUriOf(registrarUrl);
  const uri = parseSipUri(text);
  return uri.ok ? serializeSipUri({ ...uri.value, user: undefined, password: undefined, headers: "" }) : text;
}

/** A URI that was configured without its scheme. */
function sipUriOf(text: string): string {
  return /^sips?:/i.test(text) ? text : `sip:${text}`;
}
