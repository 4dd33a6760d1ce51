/** RFC 3261 §20: what single header fields demand. */
import type { CoverageRow } from "../coverage-row.ts";

const nameAddr = "packages/sip/src/message/name-addr.ts";
const nameAddrTest = "packages/sip/src/message/name-addr.test.ts";
const serverKey = "packages/sip/src/transaction/server-key.ts";
const serverTransactionsTest = "packages/sip/src/transaction/server-transactions.test.ts";
const message = "packages/sip/src/message/message.ts";
const messageTest = "packages/sip/src/message/message.test.ts";
const validateRequestTest = "packages/sip/src/message/validate-request.test.ts";
const parseMessage = "packages/sip/src/message/parse-message.ts";
const serialize = "packages/sip/src/message/serialize.ts";
const serializeTest = "packages/sip/src/message/serialize.test.ts";
const decimal = "packages/sip/src/uri/decimal.ts";
const parseMessageTest = "packages/sip/src/message/parse-message.test.ts";
const contentType = "packages/sip/src/message/content-type.ts";
const cseq = "packages/sip/src/message/cseq.ts";
const cseqTest = "packages/sip/src/message/cseq.test.ts";
const validateRequest = "packages/sip/src/message/validate-request.ts";
const optionTags = "packages/sip/src/message/option-tags.ts";
const optionTagsTest = "packages/sip/src/message/option-tags.test.ts";
const retryAfter = "packages/sip/src/message/retry-after.ts";
const retryAfterTest = "packages/sip/src/message/retry-after.test.ts";
const topVia = "packages/sip/src/transport/top-via.ts";
const topViaTest = "packages/sip/src/transport/top-via.test.ts";
const hostPort = "packages/sip/src/uri/host-port.ts";
const viaTest = "packages/sip/src/message/via.test.ts";
const via = "packages/sip/src/message/via.ts";

export const rows: readonly CoverageRow[] = [
  {
    section: "20",
    level: "MUST",
    sentence:
      "If the URI contains a comma, question mark or semicolon, the URI MUST be enclosed in angle brackets.",
    code: nameAddr,
    line: "if (code === 0x2c || code === 0x3f) return bracketsMissing;",
    breaks: "",
    test: nameAddrTest,
    name: "no name-addr: sip:a@h?Subject=x (name-addr-brackets-missing)",
  },
  {
    section: "20",
    level: "rule",
    sentence:
      "If the URI is not enclosed in angle brackets, any semicolon-delimited parameters are header-parameters, not URI parameters.",
    code: nameAddr,
    line: "if (code === 0x3b || isBlank(code)) break;",
    breaks: "if (isBlank(code)) break;",
    test: nameAddrTest,
    name: "name-addr sip:a@h;tag=1;x",
  },
  {
    section: "20.8",
    level: "rule",
    sentence: "Call-IDs are case-sensitive and are simply compared byte-by-byte.",
    code: serverKey,
    line: "return `${request.callId} ${request.cseqNumber} ${method} ${request.fromTag}`;",
    breaks: "return `${request.callId.toLowerCase()} ${request.cseqNumber} ${method} ${request.fromTag}`;",
    test: serverTransactionsTest,
    name: "Call-IDs are compared byte by byte: a copy in other letters is another request (RFC 3261 §20.8)",
  },
  {
    section: "20.10",
    level: "rule",
    sentence: 'A Contact of "*" stands alone.',
    code: message,
    line: "if ((this.index.seen & bit) === 0 || (this.index.repeated & bit) !== 0) return false;",
    breaks: "if ((this.index.seen & bit) === 0) return false;",
    test: messageTest,
    name: "a star is alone (RFC 3261 §20.10)",
  },
  {
    section: "20.10",
    level: "rule",
    sentence:
      "The Contact of a request that holds more than one value is read in its order, and all of it must be well-formed.",
    code: message,
    line: "const fault = this.addNameAddrs(row, all);\n      if (fault !== undefined) return fault;",
    breaks: "this.addNameAddrs(row, all);",
    test: validateRequestTest,
    name: "validating a request: second Contact malformed",
  },
  {
    section: "20.11",
    level: "rule",
    sentence:
      "If the handling parameter has the value of optional, the UAS MUST ignore the message body if its type is not understood.",
    code: "packages/b2bua/src/session-body.ts",
    line: "if (disposition?.isOptional === true) return none;",
    breaks: "",
    test: "packages/b2bua/src/optional-body.test.ts",
    name: "an optional body of a PRACK is ignored",
  },
  {
    section: "20.11",
    level: "rule",
    sentence: 'If the handling parameter is missing, the value of "required" is assumed.',
    code: "packages/sip/src/message/content-disposition.ts",
    line: 'isOptional: handling === "optional"',
    breaks: 'isOptional: handling !== "required"',
    test: "packages/sip/src/message/content-disposition.test.ts",
    name: "Content-Disposition early-session;x=optional (RFC 3261 §20.11)",
  },
  {
    section: "20.11",
    level: "rule",
    sentence:
      "The value session indicates that the body part describes a session; bodies of Content-Type application/sdp imply it when the header field is missing, and no other disposition makes an offer.",
    code: "packages/b2bua/src/session-body.ts",
    line: 'disposition === undefined || disposition.type === "session"',
    breaks: "true",
    test: "packages/b2bua/src/early-session.test.ts",
    name: "an early-session alone in an INVITE is no offer: 415 (RFC 3959)",
  },
  {
    section: "20.14",
    level: "MUST",
    sentence:
      "If a stream-based protocol is used as transport, the Content-Length header field MUST be used.",
    code: parseMessage,
    line: "index.note(neededOnStream);",
    breaks: "{}",
    test: validateRequestTest,
    name: "validating a request on a stream: Content-Length is needed",
  },
  {
    section: "20.14",
    level: "MUST",
    sentence:
      "If no body is present in a message, then the Content-Length header field value MUST be set to zero.",
    code: serialize,
    line: "header += `\\r\\nContent-Length: ${message.body.length}\\r\\n\\r\\n`;",
    breaks:
      'header += message.body === "" ? "\\r\\n\\r\\n" : `\\r\\nContent-Length: ${message.body.length}\\r\\n\\r\\n`;\n  if (message.body === "") lines--;',
    test: serializeTest,
    name: "a response on the wire",
  },
  {
    section: "20.14",
    level: "rule",
    sentence: "Any Content-Length greater than or equal to zero is a valid value, and nothing else is.",
    code: decimal,
    line: "if (!(digit >= 0 && digit <= 9)) return -1;",
    breaks: "if (!(digit >= 0)) return -1;",
    test: parseMessageTest,
    name: "Content-Length in a datagram: not a number",
  },
  {
    section: "20.15",
    level: "rule",
    sentence: "The media type of Content-Type is compared without regard to case.",
    code: contentType,
    line: "`.toLowerCase();",
    breaks: "`;",
    test: messageTest,
    name: "the media type is in lower case and without parameters",
  },
  {
    section: "20.16",
    level: "MUST",
    sentence: "The sequence number MUST be expressible as a 32-bit unsigned integer and less than 2**31.",
    code: cseq,
    line: "maximumSequenceNumber = 2_147_483_647",
    breaks: "maximumSequenceNumber = 4_294_967_295",
    test: cseqTest,
    name: 'CSeq "2147483648 BYE" is cseq-out-of-range',
  },
  {
    section: "20.16",
    level: "rule",
    sentence: "The method part of CSeq is case-sensitive.",
    code: validateRequest,
    line: "cseq.value.method === request.method ?",
    breaks: "cseq.value.method.toUpperCase() === request.method ?",
    test: validateRequestTest,
    name: "validating a request: CSeq method in other case",
  },
  {
    section: "20.22",
    level: "rule",
    sentence: "The Max-Forwards value is an integer in the range 0-255.",
    code: message,
    line: "const maximumMaxForwards = 255;",
    breaks: "const maximumMaxForwards = 65_535;",
    test: validateRequestTest,
    name: "validating a request: Max-Forwards 256",
  },
  {
    section: "20.32",
    level: "rule",
    sentence:
      "Require lists option tags that the UAC expects the UAS to support; what is not understood is named.",
    code: optionTags,
    line: 'tag !== "" && !understood.includes(tag.toLowerCase())',
    breaks: 'tag !== ""',
    test: optionTagsTest,
    name: "what a 420 has to list, as written",
  },
  {
    section: "20.33",
    level: "rule",
    sentence: "An optional comment can be used in Retry-After to indicate additional information.",
    code: retryAfter,
    line: "const parametersStart = endOfComment(value, end);",
    breaks: "const parametersStart = end;",
    test: retryAfterTest,
    name: "Retry-After 120 (I'm in a meeting)",
  },
  {
    section: "20.33",
    level: "rule",
    sentence:
      'An optional "duration" parameter indicates how long the called party will be reachable starting at the initial time of availability.',
    code: retryAfter,
    line: '.get("duration")',
    breaks: '.get("Retry-After")',
    test: retryAfterTest,
    name: "Retry-After 18000;duration=3600",
  },
  {
    section: "20.42",
    level: "rule",
    sentence:
      "A Via without a port has the default port of its transport: 5060 for UDP and TCP, 5061 for TLS.",
    code: topVia,
    line: 'protocol === "TLS" ? 5061 : 5060',
    breaks: 'protocol === "TLS" ? 5060 : 5060',
    test: topViaTest,
    name: "sent-by a.test over TLS is port 5061",
  },
  {
    section: "20.42",
    level: "rule",
    sentence: "The host or network address of sent-by is compared without regard to case.",
    code: hostPort,
    line: "text.slice(start, end).toLowerCase()",
    breaks: "text.slice(start, end)",
    test: viaTest,
    name: 'Via "SIP/2.0/tcp Example.COM"',
  },
  {
    section: "20.42",
    level: "rule",
    sentence: "The Via port is a port.",
    code: via,
    line: "if (port === -1 ||",
    breaks: "if (",
    test: viaTest,
    name: 'no Via: "SIP/2.0/UDP h:65536" (via-malformed-sent-by)',
  },
  {
    section: "20.42",
    level: "rule",
    sentence: "The transport of the sent-protocol is a token without case.",
    code: via,
    line: "? protocol : protocol.toUpperCase()",
    breaks: "? protocol : protocol",
    test: viaTest,
    name: 'Via "SIP/2.0/tcp Example.COM"',
  },
  {
    section: "20.42",
    level: "MUST",
    sentence:
      "For implementations compliant to this specification, the branch MUST start with the magic cookie and identify the transaction: the cookie alone is refused.",
    code: validateRequest,
    line: "if (branch === undefined || branch.length > magicCookie.length) return undefined;",
    breaks: 'if (branch !== "") return undefined;',
    test: validateRequestTest,
    name: "validating a request: branch of the cookie alone",
  },
  {
    section: "20.43",
    level: "rule",
    sentence:
      "301 Incompatible network address formats: One or more network address formats contained in the session description are not available.",
    code: "packages/b2bua/src/warning-of.ts",
    line: "${warnCode} tandem",
    breaks: "399 tandem",
    test: "packages/b2bua/src/address-family.test.ts",
    name: "the caller gets 488 with Warning 301 (RFC 3261 §20.43), and the record says why",
  },
];
