/** RFC 3261 §7: requests, responses, header fields and bodies. */
import type { CoverageRow } from "../coverage-row.ts";

const validateRequest = "packages/sip/src/message/validate-request.ts";
const validateRequestTest = "packages/sip/src/message/validate-request.test.ts";
const serialize = "packages/sip/src/message/serialize.ts";
const serializeTest = "packages/sip/src/message/serialize.test.ts";
const parseMessage = "packages/sip/src/message/parse-message.ts";
const parseMessageTest = "packages/sip/src/message/parse-message.test.ts";
const headerIndex = "packages/sip/src/message/header-index.ts";
const headerIndexTest = "packages/sip/src/message/header-index.test.ts";
const message = "packages/sip/src/message/message.ts";
const messageTest = "packages/sip/src/message/message.test.ts";
const headerFieldName = "packages/sip/src/message/header-field-name.ts";
const headerFieldNameTest = "packages/sip/src/message/header-field-name.test.ts";
const parameters = "packages/sip/src/uri/parameters.ts";
const parametersTest = "packages/sip/src/uri/parameters.test.ts";
const digestServer = "packages/sip/src/digest/digest-server.ts";
const digestServerTest = "packages/sip/src/digest/digest-server.test.ts";
const via = "packages/sip/src/message/via.ts";
const viaTest = "packages/sip/src/message/via.test.ts";
const nameAddr = "packages/sip/src/message/name-addr.ts";
const nameAddrTest = "packages/sip/src/message/name-addr.test.ts";
const streamFramer = "packages/sip/src/message/stream-framer.ts";
const streamFramerTest = "packages/sip/src/message/stream-framer.test.ts";

export const rows: readonly CoverageRow[] = [
  {
    section: "7.1",
    level: "rule",
    sentence: "No unescaped spaces or control characters are allowed in the Request-URI.",
    code: validateRequest,
    line: "if (!isOf(requestUri.charCodeAt(at), uriCharacter)) return",
    breaks: "if (at < 0) return",
    test: validateRequestTest,
    name: "validating a request: Request-URI with a space",
  },
  {
    section: "7.1",
    level: "MUST",
    sentence:
      'To be compliant with this specification, applications sending SIP messages MUST include a SIP-Version of "SIP/2.0".',
    code: serialize,
    line: "${message.requestUri} SIP/2.0",
    breaks: "${message.requestUri} SIP/1.0",
    test: serializeTest,
    name: "a request on the wire",
  },
  {
    section: "7.1",
    level: "MUST",
    sentence: "The SIP-Version string is case-insensitive, but implementations MUST send upper-case.",
    code: serialize,
    line: "SIP/2.0 ${statusCode}",
    breaks: "sip/2.0 ${statusCode}",
    test: serializeTest,
    name: "a response on the wire",
  },
  {
    section: "7.1",
    level: "rule",
    sentence: "The SIP-Version string is compared without regard to case.",
    code: validateRequest,
    line: "const version = request.sipVersion.toUpperCase();",
    breaks: "const version = request.sipVersion;",
    test: validateRequestTest,
    name: "validating a request: SIP-Version compares without case",
  },
  {
    section: "7.1",
    level: "rule",
    sentence: "Method names are case-sensitive: a method is taken as it is written.",
    code: parseMessage,
    line: "method: text.slice(start, methodEnd),",
    breaks: "method: text.slice(start, methodEnd).toUpperCase(),",
    test: parseMessageTest,
    name: 'start line "invite sip:a@h sip/2.0"',
  },
  {
    section: "7.1",
    level: "rule",
    sentence: "The elements of the Request-Line are separated by a single SP character.",
    code: parseMessage,
    line: "if (methodEnd === start || text.charCodeAt(methodEnd) !== 0x20) return badRequestLine;",
    breaks: "if (methodEnd === start) return badRequestLine;",
    test: parseMessageTest,
    name: 'start line "INV,ITE sip:a@h SIP/2.0"',
  },
  {
    section: "7.2",
    level: "rule",
    sentence: "The Status-Code is a 3-digit integer result code.",
    code: parseMessage,
    line: "if (start + 11 !== lineEnd && text.charCodeAt(start + 11) !== 0x20) return -1;",
    breaks: "",
    test: parseMessageTest,
    name: 'start line "SIP/2.0 2000 OK"',
  },
  {
    section: "7.2",
    level: "rule",
    sentence: "SIP/2.0 allows 6 values for the first digit of the Status-Code.",
    code: parseMessage,
    line: "hundreds <= 6",
    breaks: "hundreds <= 9",
    test: parseMessageTest,
    name: 'start line "SIP/2.0 700 x"',
  },
  {
    section: "7.2",
    level: "rule",
    sentence: "No CR or LF is allowed in the Status-Line except in the final CRLF sequence.",
    code: parseMessage,
    line: "if (hasControl(text, phraseStart, lineEnd)) index.note(badReasonPhrase);",
    breaks: "",
    test: parseMessageTest,
    name: "a control character in the reason phrase is a fault",
  },
  {
    section: "7",
    level: "MUST",
    sentence:
      "The start-line, each message-header line, and the empty line MUST be terminated by CRLF; the empty line must be present even if there is no body.",
    code: headerIndex,
    line: "if (at >= text.length) index.note(noEmptyLine);\n  else if",
    breaks: "if",
    test: headerIndexTest,
    name: "header faults: no empty line",
  },
  {
    section: "7",
    level: "rule",
    sentence: "A bare CR or LF ends no line.",
    code: headerIndex,
    line: "if (carriageReturn !== lineFeed - 1) {",
    breaks: "if (lineFeed < 0) {",
    test: headerIndexTest,
    name: "header faults: a bare LF",
  },
  {
    section: "7.3.1",
    level: "rule",
    sentence: "Any amount of whitespace may stand on either side of the colon.",
    code: headerIndex,
    line: "if (nameEnd === start || text.charCodeAt(at) !== 0x3a) return -1;",
    breaks: "if (nameEnd === start || text.charCodeAt(nameEnd) !== 0x3a) return -1;",
    test: headerIndexTest,
    name: "header rows: blanks around the colon",
  },
  {
    section: "7.3.1",
    level: "rule",
    sentence:
      "Header fields can be extended over multiple lines by preceding each extra line with at least one SP or HT.",
    code: headerIndex,
    line: "if (!isBlank(text.charCodeAt(lineFeed + 1))) return lineFeed - 1;",
    breaks: "return lineFeed - 1;",
    test: headerIndexTest,
    name: "header rows: a fold",
  },
  {
    section: "7.3.1",
    level: "rule",
    sentence:
      "The line break and the whitespace at the beginning of the next line are treated as a single SP character.",
    code: headerIndex,
    line: 'if (plain !== "" && trimmed > at) plain += " ";',
    breaks: "",
    test: headerIndexTest,
    name: "header rows: folds and the blanks around them are one space",
  },
  {
    section: "7.3.1",
    level: "MUST",
    sentence:
      "It MUST be possible to combine the rows of one name into one comma-separated list, appending each subsequent value to the first.",
    code: message,
    line: "for (const row of rows) all.push(...splitList(row));",
    breaks: "for (const row of rows) all.push(row);",
    test: messageTest,
    name: "list splits all rows at commas outside quotes and brackets",
  },
  {
    section: "7.3.1",
    level: "rule",
    sentence: "The relative order of header field rows with the same field name is important.",
    code: message,
    line: 'for (let row = this.rowOf(headerField.via); row >= 0; row = this.rowNamed("Via", row + rowStride)) {',
    breaks: "for (let row = this.rowOf(headerField.via); row >= 0; row = -1) {",
    test: messageTest,
    name: "vias come in order over rows, lists and folds, and fail together",
  },
  {
    section: "7.3.1",
    level: "rule",
    sentence: "Field names are always case-insensitive.",
    code: headerFieldName,
    line: "if (isLetter(code)) return code & 31;",
    breaks: "if (isLetter(code)) return code > 0x60 ? code & 31 : otherSymbol;",
    test: headerFieldNameTest,
    name: "names are found in any case",
  },
  {
    section: "7.3.1",
    level: "rule",
    sentence: "Unless otherwise stated, parameter names are case-insensitive.",
    code: parameters,
    line: "end - start === lowerCase.length && equalsLowerCase(this.source, start, end, lowerCase)",
    breaks: "this.source.slice(start, end) === lowerCase",
    test: parametersTest,
    name: "get finds names without case, the first of several, and takes quotes off",
  },
  {
    section: "7.3.1",
    level: "rule",
    sentence: "Unless specified otherwise, values expressed as quoted strings are case-sensitive.",
    code: digestServer,
    line: "if (credentials.realm !== this.#realm) return otherRealm;",
    breaks: "if (credentials.realm.toLowerCase() !== this.#realm) return otherRealm;",
    test: digestServerTest,
    name: "credentials for another realm or scheme are not for us",
  },
  {
    section: "7.3.1",
    level: "MUST NOT",
    sentence:
      "Even though an arbitrary number of parameter pairs may be attached, any given parameter-name MUST NOT appear more than once (branch).",
    code: via,
    line: "if (branch !== undefined) return badParameter;",
    breaks: "",
    test: viaTest,
    name: 'no Via: "SIP/2.0/UDP h;branch=a;branch=b" (via-malformed-parameter)',
  },
  {
    section: "7.3.1",
    level: "MUST NOT",
    sentence: "Any given parameter-name MUST NOT appear more than once (tag).",
    code: nameAddr,
    line: "tag !== undefined || !parameters.isToken(i)",
    breaks: "!parameters.isToken(i)",
    test: nameAddrTest,
    name: "no name-addr: <sip:a@h>;tag=1;tag=2 (name-addr-malformed-tag)",
  },
  {
    section: "7.3.3",
    level: "MUST",
    sentence: "Implementations MUST accept both the long and short forms of each header field name.",
    code: headerFieldName,
    line: "for (const [letter, name] of Object.entries(compactForms)) addName(letter, canonicalNames.indexOf(name));",
    breaks: "",
    test: headerFieldNameTest,
    name: "compact forms, in both cases, mean their long forms; the other letters mean nothing",
  },
  {
    section: "7.4.2",
    level: "rule",
    sentence: "The body length in bytes is provided by the Content-Length header field.",
    code: serialize,
    line: "Content-Length: ${message.body.length}\\r\\n",
    breaks: "Content-Length: ${Buffer.byteLength(message.body)}\\r\\n",
    test: serializeTest,
    name: "a request on the wire",
  },
  {
    section: "7.5",
    level: "MUST",
    sentence:
      "Implementations processing SIP messages over stream-oriented transports MUST ignore any CRLF appearing before the start-line.",
    code: streamFramer,
    line: "if (this.scanned === 0 && this.held[this.start] === CR) return this.readLineBreak();",
    breaks: "",
    test: streamFramerTest,
    name: "stream: keep-alives between messages",
  },
  {
    section: "7.5",
    level: "rule",
    sentence: "CRLF before the start-line is ignored in a datagram as well.",
    code: parseMessage,
    line: "while (text.charCodeAt(start) === 0x0d && text.charCodeAt(start + 1) === 0x0a) start += 2;",
    breaks: "",
    test: parseMessageTest,
    name: "line breaks before the start line are ignored; nothing else is a message",
  },
];
