import assert from "node:assert/strict";
import { join } from "node:path";
import { type MarkedPackets, PacketMarks } from "../../harness/packet-marks.ts";
import { type Group, shortTimers } from "../group.ts";
import { audio } from "../sipp/bodies.ts";
import { Callee } from "../sipp/callee.ts";
import { recordedKey } from "../sipp/key-presses.ts";
import { pause, type Step } from "../sipp/script.ts";
import type { Stage } from "../stage.ts";

const callee = new Callee();
const sipPort = 5060;
/** SIPp plays its recording beside its script. */
const playedMs = 600;
const codePoint = { signaling: 24, carrier: 34, customer: 46 } as const;

function speak(stage: Stage): readonly Step[] {
  const file = recordedKey("1", 101, join(stage.exchange.directory, "peers"));
  return [`  <nop><action><exec play_pcap_audio="${file}"/></action></nop>`, pause(playedMs)];
}

/** A call with media both ways. */
async function talk(stage: Stage, transport: "udp" | "tcp", mediaPort: number): Promise<void> {
  const number = stage.number();
  const lines = stage.customerLines(number);
  const media = (address: string) => ({ transport, extra: ["-mi", address, "-mp", String(mediaPort)] });
  const carrier = stage.carrier(
    [...callee.establish(audio({ port: mediaPort })), ...speak(stage), ...callee.hungUp()],
    media(stage.carrierAddress),
  );
  await stage.provisionCarrier({ gateways: [carrier.uri], prefix: number });
  const customer = stage.customer(
    [
      ...lines.establish({ body: audio({ port: mediaPort }) }),
      ...speak(stage),
      pause(playedMs),
      ...lines.hangUp(),
    ],
    media(stage.customerAddress),
  );
  await customer.finish();
  await carrier.finish();
  assert.equal((await stage.record(number)).status, "completed");
}

async function marks(stage: Stage, transport: "udp" | "tcp", mediaPort: number): Promise<void> {
  const { customerAddress, carrierAddress, directory } = stage.exchange;
  let seen: readonly MarkedPackets[] = [];
  const capture = await PacketMarks.start(directory, [customerAddress, carrierAddress], sipPort);
  try {
    await talk(stage, transport, mediaPort);
  } finally {
    seen = await capture.stop();
  }
  assert.deepEqual(
    seen.filter(({ to }) => to === stage.customerAddress || to === stage.carrierAddress),
    [
      { protocol: "signaling", to: stage.customerAddress, codePoint: codePoint.signaling },
      { protocol: "media", to: stage.customerAddress, codePoint: codePoint.customer },
      { protocol: "signaling", to: stage.carrierAddress, codePoint: codePoint.signaling },
      { protocol: "media", to: stage.carrierAddress, codePoint: codePoint.carrier },
    ],
  );
}

export const codePoints: Group = {
  name: "code-points",
  peers: ["sipp", "tshark"],
  stage: {
    network: 89,
    exchange: { gateway: { timers: shortTimers, media: { dscp: codePoint.carrier } } },
  },
  concurrency: 1,
  scenarios: [
    {
      name: "code-points-udp",
      sentence:
        "signaling over UDP and media leave with the code points of signaling, of the gateway and of the trunk",
      play: (stage) => marks(stage, "udp", 7000),
    },
    {
      name: "code-points-tcp",
      sentence: "signaling over TCP leaves with its code point, on connections of both sides",
      play: (stage) => marks(stage, "tcp", 7010),
    },
  ],
};
