/**
 * How long a typical INVITE takes to parse with its five usual typed header fields, to validate, and to serialize.
 * Budget: parsing with the five fields in at most 3 µs. Run: node benchmarks/packages/sip/message.ts
 */
import {
  createResponse,
  HeaderFields,
  OutgoingRequest,
  parseMessage,
  type SipRequest,
  StreamFramer,
  serialize,
  validateRequest,
} from "../../../packages/sip/src/message/index.ts";
import { parseSipUri } from "../../../packages/sip/src/uri/index.ts";

const sdp = [
  "v=0",
  "o=- 3890123456 3890123456 IN IP4 192.0.2.10",
  "s=-",
  "c=IN IP4 192.0.2.10",
  "t=0 0",
  "m=audio 49170 RTP/AVP 0 8 101",
  "a=rtpmap:0 PCMU/8000",
  "a=rtpmap:8 PCMA/8000",
  "a=rtpmap:101 telephone-event/8000",
  "a=fmtp:101 0-15",
  "a=ptime:20",
  "a=sendrecv",
  "",
].join("\r\n");

const invite = [
  "INVITE sip:+15551230001@acme.pstn.ashburn.example.com SIP/2.0",
  "Via: SIP/2.0/UDP 192.0.2.10:5060;rport;branch=z9hG4bKPj8f1d3a94c2",
  "Max-Forwards: 70",
  'From: "Alice" <sip:+15557654321@192.0.2.10>;tag=as58f4201b',
  "To: <sip:+15551230001@acme.pstn.ashburn.example.com>",
  "Contact: <sip:+15557654321@192.0.2.10:5060>",
  "Call-ID: 3848276298220188511@192.0.2.10",
  "CSeq: 102 INVITE",
  "User-Agent: Example SBC 7.2",
  "Allow: INVITE, ACK, CANCEL, OPTIONS, BYE, REFER, NOTIFY, INFO, UPDATE",
  "Supported: replaces, timer",
  "Session-Expires: 1800;refresher=uac",
  "Min-SE: 90",
  "Content-Type: application/sdp",
  `Content-Length: ${sdp.length}`,
  "",
  sdp,
].join("\r\n");

let sink = 0;

function parsed(text: string): SipRequest {
  const message = parseMessage(text, "datagram");
  if (!message.ok || !message.value.isRequest) throw new Error("the INVITE of the benchmark does not parse");
  return message.value;
}

function parseWithFields(text: string): void {
  const request = parsed(text);
  sink += request.branch.length + request.fromTag.length + request.toTag.length + request.cseqNumber;
  if (request.contact().ok) sink++;
}

function outgoing(): OutgoingRequest {
  const headerFields = new HeaderFields();
  for (const { name, value } of parsed(invite).rows()) headerFields.append(name, value);
  return new OutgoingRequest("INVITE", "sip:+15551230001@203.0.113.5", headerFields, sdp);
}

const buffer = Buffer.from(invite, "latin1");
const request = parsed(invite);
const toSend = outgoing();
const rounds = 50;
const runsPerRound = 4000;
const cases: readonly (readonly [name: string, run: () => void])[] = [
  ["parse", () => void parsed(invite)],
  ["decode latin1 + parse + via, from, to, cseq, contact", () => parseWithFields(buffer.toString("latin1"))],
  [
    "the same + validate",
    () => {
      const fresh = parsed(buffer.toString("latin1"));
      if (validateRequest(fresh) === undefined) sink += fresh.branch.length;
    },
  ],
  ["serialize", () => void (sink += serialize(toSend).length)],
  [
    "createResponse + serialize",
    () => {
      const source = { address: "198.51.100.7", port: 40_000 };
      sink += serialize(createResponse(request, 180, { toTag: "8321234356", receivedFrom: source })).length;
    },
  ],
  [
    "frame one INVITE",
    () => {
      const framer = new StreamFramer({ maximumHeaderBytes: 65_536, maximumBodyBytes: 65_536 });
      sink += framer.push(buffer).length;
    },
  ],
  [
    "parseSipUri",
    () => void (parseSipUri("sip:+15551230001@acme.pstn.example.com;transport=tcp").ok && sink++),
  ],
];

for (const [name, run] of cases) console.log(`${bestOf(run).toFixed(2).padStart(8)} µs  ${name}`);

/** Microseconds per run in the best of many short rounds: other load on the machine only ever adds. */
function bestOf(run: () => void): number {
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < rounds; round++) {
    const start = process.hrtime.bigint();
    for (let i = 0; i < runsPerRound; i++) run();
    best = Math.min(best, Number(process.hrtime.bigint() - start) / runsPerRound / 1000);
  }
  return best;
}

if (sink === 0) console.log("nothing was done");
