import {
  bodyParts,
  createResponse,
  HeaderFields,
  lossAnnouncement,
  maxBreadthOf,
  OutgoingRequest,
  optionTagsOf,
  overloadFeedbackIn,
  parseContentDisposition,
  parseExpires,
  parseMessage,
  reasonsOf,
  type SipMessage,
  type SipRequest,
  serialize,
  validateRequest,
  validateResponse,
} from "@tandem/sip/message";
import type { FuzzTarget } from "../fuzz-target.ts";
import { sipSeeds } from "../seeds.ts";

/** Everything that is parsed on demand, so that nothing is left that could throw later. */
function touch(message: SipMessage): void {
  const names = new Set(message.rows().map(({ name }) => name.toLowerCase()));
  for (const name of names) message.list(name);
  message.vias();
  message.contacts();
  message.contact();
  message.contentType();
  message.maxForwards();
  maxBreadthOf(message);
  bodyParts(message.value("Content-Type"), message.body);
  parseContentDisposition(message.value("Content-Disposition") ?? "");
  parseExpires(message.value("Expires") ?? "");
  const via = message.via();
  if (via.ok) overloadFeedbackIn(via.value);
  message.from();
  message.to();
  message.cseq();
  optionTagsOf(message, "Require");
  reasonsOf(message);
}

/** What is kept of a message is there again when it was written and read. */
function writeAndRead(request: SipRequest): void {
  const fields = new HeaderFields();
  const rows: string[] = [];
  for (const { name, value } of request.rows()) {
    if (/^(?:content-length|l)$/i.test(name)) continue;
    fields.append(name, value);
    rows.push(`${name}: ${value}`);
  }
  const text = serialize(new OutgoingRequest(request.method, request.requestUri, fields, request.body));
  const again = parseMessage(text, "stream");
  if (!again.ok || !again.value.isRequest) throw new Error("what was written can't be read");
  const readRows = [...again.value.rows()]
    .filter(({ name }) => name !== "Content-Length")
    .map(({ name, value }) => `${name}: ${value}`);
  const kept = [request.method, request.requestUri, request.body, ...rows];
  const read = [again.value.method, again.value.requestUri, again.value.body, ...readRows];
  if (kept.join("\n") !== read.join("\n")) throw new Error(`kept ${kept.join("|")}, read ${read.join("|")}`);
}

const overload = { report: () => ';oc=20;oc-algo="loss";oc-validity=500;oc-seq=1.1' };

export const message: FuzzTarget = {
  name: "message",
  sources: ["packages/sip/src/message/", "packages/sip/src/uri/"],
  seeds: sipSeeds,
  dictionary: [
    "\r\n",
    "\r\n ",
    "\r\n\r\n",
    ";",
    ",",
    ":",
    "<",
    ">",
    '"',
    "\\",
    "=",
    "?",
    "@",
    "[",
    "]",
    "*",
    "%00",
    "z9hG4bK",
    "Via: SIP/2.0/UDP a;branch=z9hG4bK1\r\n",
    "Contact: *\r\n",
    "Content-Length: 0\r\n",
    "l:",
    "v:",
    "Require: 100rel\r\n",
    "Reason: Q.850;cause=16\r\n",
    "SIP/2.0",
    "sip:",
    "tel:",
    "INVITE ",
    "ACK ",
    ";tag=",
    ";received=",
    ";rport",
    ";lr",
    lossAnnouncement,
    ";oc=20;oc-validity=500;oc-seq=1.1",
    "Max-Breadth: 60\r\n",
    "Content-Type: multipart/mixed;boundary=b\r\n",
    "Content-Disposition: session;handling=optional\r\n",
    "\r\n--b\r\n",
    "\r\n--b--",
    "Expires: 0\r\n",
  ],
  maximumBytes: 8192,
  run(input) {
    for (const framing of ["datagram", "stream"] as const) {
      const parsed = parseMessage(input, framing);
      if (!parsed.ok) continue;
      const { value } = parsed;
      touch(value);
      if (!value.isRequest) {
        validateResponse(value);
        continue;
      }
      const fault = validateRequest(value);
      if (fault?.mayAnswer === false) continue;
      const receivedFrom = { address: "198.51.100.9", port: 40_000 };
      const options = { toTag: "1", receivedFrom, copyRecordRoute: true, overload };
      const text = serialize(createResponse(value, 400, options));
      if (!parseMessage(text, "stream").ok) throw new Error("our response can't be read");
      if (fault === undefined) writeAndRead(value);
    }
  },
};
