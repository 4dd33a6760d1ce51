import assert from "node:assert/strict";
import { join } from "node:path";
import { type Group, shortTimers } from "../group.ts";
import { audio } from "../sipp/bodies.ts";
import { Callee } from "../sipp/callee.ts";
import { recordedKey } from "../sipp/key-presses.ts";
import { pause } from "../sipp/script.ts";
import type { Stage } from "../stage.ts";

const callee = new Callee();
/** SIPp plays its recording of ten packets beside its script. */
const played = { ms: 1200, packets: 10 } as const;
const mediaPort = 7000;

/** A caller whose description names another address than its media come from, as behind NAT; it speaks, the callee does not. */
async function spokenFromElsewhere(stage: Stage, sourcePolicy: "address" | "symmetric"): Promise<void> {
  const number = stage.number();
  const { label } = await stage.provisionTrunk({
    addresses: [stage.customerAddress],
    parameters: { SourcePolicy: sourcePolicy },
  });
  const lines = stage.customerLines(number, label);
  const carrier = stage.carrier([...callee.establish(), ...callee.hungUp()]);
  await stage.provisionCarrier({ gateways: [carrier.uri], prefix: number });
  const body = audio({ port: mediaPort }).replace("IN IP4 [local_ip]\nt=", `IN IP4 ${stage.deadAddress}\nt=`);
  const speech = recordedKey("1", 101, join(stage.exchange.directory, "peers"));
  const customer = stage.customer(
    [
      ...lines.establish({ body }),
      `  <nop><action><exec play_pcap_audio="${speech}"/></action></nop>`,
      pause(played.ms),
      ...lines.hangUp(),
    ],
    { extra: ["-mi", stage.customerAddress, "-mp", String(mediaPort)] },
  );
  await customer.finish();
  await carrier.finish();
  const { from_ingress: heard, from_egress: silent } = (await stage.record(number)).media;
  const expected = sourcePolicy === "address" ? [0, played.packets] : [played.packets, 0];
  assert.deepEqual([heard.packets, heard.foreign_packets], expected);
  assert.deepEqual([silent.packets, silent.foreign_packets], [0, 0]);
}

export const mediaSources: Group = {
  name: "media-sources",
  peers: ["sipp"],
  stage: { block: "127.2", network: 14, exchange: { gateway: { timers: shortTimers } } },
  concurrency: 1,
  scenarios: [
    {
      name: "media-from-elsewhere",
      sentence:
        "media from another address than the description names are counted as foreign, and go no further",
      play: (stage) => spokenFromElsewhere(stage, "address"),
    },
    {
      name: "media-from-behind-nat",
      sentence: "a trunk with the symmetric policy takes them",
      play: (stage) => spokenFromElsewhere(stage, "symmetric"),
    },
  ],
};
