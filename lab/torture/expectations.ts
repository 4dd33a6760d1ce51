import type { Protocol } from "../scenarios/runner/wire.ts";

/**
 * What a message gets: the status codes of the responses, `close` when the connection ends behind them, `silence` when
 * nothing comes at all.
 */
export type Verdict = string;

export interface Expectation {
  /** File in the RFC's set. */
  readonly name: string;
  readonly verdict: Verdict;
  /** Over TCP and TLS, where that is another one. */
  readonly onStream?: Verdict;
  readonly why: string;
}

export function verdictOn({ verdict, onStream }: Expectation, protocol: Protocol): Verdict {
  return protocol === "UDP" ? verdict : (onStream ?? verdict);
}

const noNumber = "well-formed; a carrier's call to what is no number is refused with 400";
const noRegistrar = "well-formed; we are no registrar, so 405 with Allow";
const malformed400 = "malformed: 400 that names the fault";
const unknownDialog = "its To has a tag of a dialog that nobody knows";
const stray = "a response to nothing we asked: dropped (RFC 3261 §18.1.2)";

/** RFC 4475, as a carrier sends them. Written from the RFC and what docs/life-of-a-call.md says of calls that carriers place. */
export const rfc4475: readonly Expectation[] = [
  { name: "wsinv", verdict: "481", why: `well-formed; ${unknownDialog}` },
  { name: "intmeth", verdict: "501", why: "well-formed; a method that nobody knows" },
  { name: "esc01", verdict: "400", why: noNumber },
  { name: "escnull", verdict: "405", why: noRegistrar },
  { name: "esc02", verdict: "501", why: "an escaped method is not REGISTER but one that nobody knows" },
  { name: "lwsdisp", verdict: "200", why: "well-formed OPTIONS" },
  { name: "longreq", verdict: "400", why: noNumber },
  {
    name: "dblreq",
    verdict: "405",
    onStream: "405 400 close",
    why: "octets behind a message are ignored in a datagram; on a stream they are the next message, and what is left behind that one's body is none",
  },
  { name: "semiuri", verdict: "200", why: "well-formed OPTIONS" },
  {
    name: "transports",
    verdict: "200",
    why: "well-formed OPTIONS; the response goes where it came from, whatever the Vias say",
  },
  { name: "mpart01", verdict: "405", why: "well-formed; a MESSAGE outside a dialog is known and not taken" },
  { name: "unreason", verdict: "silence", why: stray },
  { name: "noreason", verdict: "silence", why: stray },
  { name: "badinv01", verdict: "400", why: malformed400 },
  {
    name: "clerr",
    verdict: "400",
    onStream: "silence",
    why: "a Content-Length beyond the datagram is malformed; on a stream the rest is waited for, ten seconds",
  },
  {
    name: "ncl",
    verdict: "400",
    onStream: "400 close",
    why: "nobody knows where a message of negative length ends",
  },
  { name: "scalar02", verdict: "400", why: malformed400 },
  { name: "scalarlg", verdict: "silence", why: "a response with a CSeq out of range: dropped" },
  { name: "quotbal", verdict: "400", why: malformed400 },
  { name: "ltgtruri", verdict: "400", why: malformed400 },
  { name: "lwsruri", verdict: "400", why: malformed400 },
  { name: "lwsstart", verdict: "400", why: malformed400 },
  { name: "trws", verdict: "400", why: malformed400 },
  { name: "escruri", verdict: "400", why: malformed400 },
  { name: "baddate", verdict: "400", why: `nobody looks at Date; ${noNumber}` },
  { name: "regbadct", verdict: "400", why: malformed400 },
  { name: "badaspec", verdict: "400", why: malformed400 },
  {
    name: "baddn",
    verdict: "400",
    onStream: "silence",
    why: "no empty line ends its header; on a stream the rest is waited for",
  },
  { name: "badvers", verdict: "505", why: "SIP/7.0" },
  { name: "mismatch01", verdict: "400", why: malformed400 },
  {
    name: "mismatch02",
    verdict: "400",
    why: "the CSeq is looked at before the method: 400 rather than 501, both of which the RFC allows",
  },
  {
    name: "bigcode",
    verdict: "silence",
    onStream: "close",
    why: "a status code of ten digits is no SIP: dropped, and a stream that carries it ended",
  },
  { name: "badbranch", verdict: "400", why: "the magic cookie alone identifies no transaction" },
  {
    name: "insuf",
    verdict: "silence",
    why: "without From, To, Call-ID and CSeq there is nothing to build a response of",
  },
  { name: "unkscm", verdict: "416", why: "an unknown scheme" },
  { name: "novelsc", verdict: "416", why: "a scheme that is not SIP" },
  { name: "unksm2", verdict: "405", why: noRegistrar },
  { name: "bext01", verdict: "420", why: "it requires extensions that nobody knows" },
  {
    name: "invut",
    verdict: "400",
    why: `where the call wants to go is looked at before its body (RFC 3261 §8.2); ${noNumber}`,
  },
  { name: "regaut01", verdict: "405", why: noRegistrar },
  { name: "multi01", verdict: "400", why: malformed400 },
  { name: "mcl01", verdict: "400", onStream: "400 close", why: "two lengths: nobody knows where it ends" },
  {
    name: "bcast",
    verdict: "silence",
    why: "a response with two Vias is not ours: dropped, and sent nowhere",
  },
  {
    name: "zeromf",
    verdict: "200",
    why: "OPTIONS for ourselves is not forwarded, so Max-Forwards 0 is enough",
  },
  { name: "cparam01", verdict: "405", why: noRegistrar },
  { name: "cparam02", verdict: "405", why: noRegistrar },
  { name: "regescrt", verdict: "405", why: noRegistrar },
  { name: "sdp01", verdict: "400", why: noNumber },
  {
    name: "inv2543",
    verdict: "400",
    onStream: "400 close",
    why: `an RFC 2543 element may leave out branch, tag and Max-Forwards; ${noNumber}; on a stream a message without Content-Length has no end`,
  },
  { name: "test", verdict: "silence", why: "no version and no From: nothing to build a response of" },
];

/** RFC 5118; `.cl-fixed` where the Content-Length printed in the RFC does not fit. */
export const rfc5118: readonly Expectation[] = [
  { name: "ipv6-good", verdict: "405", why: noRegistrar },
  { name: "ipv6-bad", verdict: "400", why: "an IPv6 address without brackets" },
  { name: "port-ambiguous", verdict: "405", why: `the port is part of the address, legally; ${noRegistrar}` },
  { name: "port-unambiguous", verdict: "405", why: noRegistrar },
  {
    name: "via-received-param-with-delim",
    verdict: "481",
    why: `received in brackets is tolerated; ${unknownDialog}`,
  },
  { name: "via-received-param-no-delim", verdict: "200", why: "well-formed OPTIONS" },
  {
    name: "ipv6-in-sdp",
    verdict: "400",
    onStream: "silence",
    why: "its Content-Length is beyond the datagram; on a stream the rest is waited for",
  },
  { name: "ipv6-in-sdp.cl-fixed", verdict: "400", why: noNumber },
  { name: "mult-ip-in-header", verdict: "481", why: `both families in Via; ${unknownDialog}` },
  {
    name: "mult-ip-in-sdp",
    verdict: "400",
    why: `octets behind its Content-Length are ignored or wait; ${noNumber}`,
  },
  { name: "mult-ip-in-sdp.cl-fixed", verdict: "400", why: noNumber },
  {
    name: "ipv4-mapped-ipv6",
    verdict: "400",
    why: `octets behind its Content-Length are ignored or wait; ${noNumber}`,
  },
  { name: "ipv4-mapped-ipv6.cl-fixed", verdict: "400", why: noNumber },
  { name: "ipv6-bug-abnf-3-colons", verdict: "200", why: "three colons are read as two" },
  { name: "ipv6-correct-abnf-2-colons", verdict: "200", why: "well-formed OPTIONS" },
];
