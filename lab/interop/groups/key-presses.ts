import assert from "node:assert/strict";
import { join } from "node:path";
import { type Group, shortTimers } from "../group.ts";
import { Callee } from "../sipp/callee.ts";
import { type Key, recordedKey } from "../sipp/key-presses.ts";
import { pause, receiveRequest, type Step } from "../sipp/script.ts";
import type { Stage } from "../stage.ts";

const callee = new Callee();
/** SIPp plays a recording, of 160 ms, beside its script: the next one, or the BYE, would cut it short. */
const keyMs = 1000;

/** A session description whose author wants telephone events to come with that payload type; SIPp fills its addresses in. */
function wanting(payloadType: number): string {
  return `v=0
o=peer 53655765 1 IN IP4 [media_ip]
s=-
c=IN IP4 [media_ip]
t=0 0
m=audio [media_port] RTP/AVP 0 ${payloadType}
a=rtpmap:0 PCMU/8000
a=rtpmap:${payloadType} Telephone-Event/8000
a=fmtp:${payloadType} 0-16
`;
}

function press(key: Key, payloadType: number, directory: string): readonly Step[] {
  const file = recordedKey(key, payloadType, directory);
  return [`  <nop><action><exec play_pcap_audio="${file}"/></action></nop>`, pause(keyMs)];
}

interface Presses {
  readonly ofCaller: readonly Key[];
  readonly ofCallee: readonly Key[];
  /** Payload types of the events that come to the caller, and to the callee. */
  readonly toCaller: number;
  readonly toCallee: number;
  /** Of both, on their own addresses; SIPp takes the next ones too. */
  readonly mediaPort: number;
}

/** The caller presses its keys, then the callee, each with the payload type that the other has asked for. */
async function play(
  stage: Stage,
  { ofCaller, ofCallee, toCaller, toCallee, mediaPort }: Presses,
): Promise<void> {
  const number = stage.number();
  const lines = stage.customerLines(number);
  const directory = join(stage.exchange.directory, "peers");
  const pressed = (of: readonly Key[], payloadType: number): readonly Step[] =>
    of.flatMap((key) => press(key, payloadType, directory));
  const media = (address: string): readonly string[] => ["-mi", address, "-mp", String(mediaPort)];
  const carrier = stage.carrier(
    [
      ...callee.establish(wanting(toCallee)),
      pause(keyMs * (ofCaller.length + 1)),
      ...pressed(ofCallee, toCaller),
      ...callee.hangUp(),
    ],
    { extra: media(stage.carrierAddress) },
  );
  await stage.provisionCarrier({ gateways: [carrier.uri], prefix: number });
  const customer = stage.customer(
    [
      ...lines.establish({ body: wanting(toCaller) }),
      ...pressed(ofCaller, toCallee),
      receiveRequest("BYE"),
      lines.ok(),
    ],
    { extra: media(stage.customerAddress) },
  );
  await customer.finish();
  await carrier.finish();
  const { status, packets, media: counted } = await stage.record(number);
  assert.equal(status, "completed");
  // Ten packets a key: what is repeated came, and counted nothing.
  assert.ok(packets.fromIngress > 2 * ofCaller.length, `${packets.fromIngress} of the caller`);
  assert.ok(packets.fromEgress > 2 * ofCallee.length, `${packets.fromEgress} of the callee`);
  assert.deepEqual(
    [counted.from_ingress.telephone_events, counted.from_egress.telephone_events],
    [ofCaller.length, ofCallee.length],
  );
}

export const keyPresses: Group = {
  name: "key-presses",
  peers: ["sipp"],
  stage: { network: 187, exchange: { gateway: { timers: shortTimers } } },
  concurrency: 2,
  scenarios: [
    {
      name: "key-presses",
      sentence: "the record counts the key presses of each side, repeated end packets and all, once each",
      play: (stage) =>
        play(stage, {
          ofCaller: ["1", "5", "pound"],
          ofCallee: ["3"],
          toCaller: 101,
          toCallee: 101,
          mediaPort: 7000,
        }),
    },
    {
      name: "key-presses-by-payload-type",
      sentence: "key presses are known by the payload type that the other side has asked for",
      play: (stage) =>
        play(stage, {
          ofCaller: ["2"],
          ofCallee: ["1", "4"],
          toCaller: 97,
          toCallee: 110,
          mediaPort: 7010,
        }),
    },
  ],
};
