import assert from "node:assert/strict";
import type { SipMessage } from "@tandem/sip/message";
import { type Group, shortTimers } from "../group.ts";
import { type Proxy, withProxy } from "../proxy.ts";
import { audio } from "../sipp/bodies.ts";
import { Callee } from "../sipp/callee.ts";
import { requestsReceived, responsesReceived } from "../sipp/message-trace.ts";
import type { Peer } from "../sipp/peer.ts";
import { maybe, pause, receiveRequest, receiveResponse, type Step } from "../sipp/script.ts";
import type { Stage } from "../stage.ts";

const callee = new Callee();
const network = 86;

/** Both ends change the session, then one hangs up. */
function conversation(
  stage: Stage,
  number: string,
  hangUp: "caller" | "callee",
  lines: ReturnType<Stage["customerLines"]>,
) {
  const held = audio({ version: 2, direction: "sendonly" });
  const answered = audio({ version: 2, direction: "recvonly" });
  const callers: Step[] = [
    ...lines.establish(),
    pause(300),
    lines.reinvite(2, held),
    maybe(100),
    receiveResponse(200),
    lines.ack(2),
    receiveRequest("INVITE"),
    lines.ok(audio({ version: 3 })),
    receiveRequest("ACK"),
    ...(hangUp === "caller" ? [pause(300), ...lines.hangUp(3)] : [receiveRequest("BYE"), lines.ok()]),
  ];
  const callees: Step[] = [
    ...callee.establish(),
    receiveRequest("INVITE"),
    callee.ok(answered),
    receiveRequest("ACK"),
    pause(300),
    callee.reinvite(1, audio({ version: 3 })),
    maybe(100),
    receiveResponse(200),
    callee.ack(1),
    ...(hangUp === "callee" ? [pause(300), ...callee.hangUp(2)] : callee.hungUp()),
  ];
  return { callers, callees };
}

/** Customer, its Kamailio, gateway, carrier. */
function playTermination(
  transports: Pick<Proxy, "inSocket" | "outSocket">,
  hangUp: "caller" | "callee",
  address: string,
) {
  return async (stage: Stage): Promise<void> => {
    const { customerAddress, sipPort } = stage.exchange;
    const transport = transports.outSocket;
    const nextHop = `sip:${customerAddress}:${sipPort}${transport === "tcp" ? ";transport=tcp" : ""}`;
    await withProxy(stage, { name: "kamailio-customer", address, ...transports }, nextHop, async () => {
      const number = stage.number();
      const { label } = await stage.provisionTrunk({ addresses: [address] });
      const { callers, callees } = conversation(stage, number, hangUp, stage.customerLines(number, label));
      const carrier = stage.carrier(callees);
      await stage.provisionCarrier({ gateways: [carrier.uri], prefix: number });
      const customer = stage.customer(callers, {
        transport: transports.inSocket,
        remote: { address, port: 5060 },
      });
      await customer.finish();
      await carrier.finish();
      const [answer] = responsesReceived(customer.trace, "INVITE", 200);
      assert.equal(answer?.list("Record-Route").length, 2, "the proxy record-routes twice");
      assertThroughProxy(customer, address);
      assert.equal(requestsReceived(carrier.trace, "INVITE")[0]?.has("Record-Route"), false);
      await assertRecord(stage, number, hangUp);
    });
  };
}

/** PSTN, gateway, the customer's Kamailio, the customer's SBC. */
function playOrigination(
  transports: Pick<Proxy, "inSocket" | "outSocket">,
  hangUp: "caller" | "callee",
  address: string,
) {
  return async (stage: Stage): Promise<void> => {
    const number = stage.number();
    const { callers, callees } = conversation(stage, number, hangUp, stage.pstnLines(number));
    const sbc = stage.sbc(callees, { transport: transports.outSocket });
    await withProxy(stage, { name: "kamailio-sbc", address, ...transports }, sbc.uri, async () => {
      const transport = transports.inSocket === "tcp" ? ";transport=tcp" : "";
      await stage.provisionTrunk({
        originationUrls: [{ url: `sip:${address}:5060${transport}${stage.edgeParameter}` }],
        numbers: [number],
      });
      const pstn = stage.pstn(callers);
      await pstn.finish();
      await sbc.finish();
      assert.equal(requestsReceived(sbc.trace, "INVITE")[0]?.list("Record-Route").length, 2);
      assertThroughProxy(sbc, address);
      const [answer] = responsesReceived(pstn.trace, "INVITE", 200);
      assert.equal(answer?.has("Record-Route"), false, "the customer's proxy is hidden from the PSTN");
      await assertRecord(stage, number, hangUp);
    });
  };
}

/** Every request of the gateway inside the dialog came through the proxy: its Via is on top, no Route is left. */
function assertThroughProxy(peer: Peer, address: string): void {
  const inside = ["INVITE", "ACK", "BYE"]
    .flatMap((method): readonly SipMessage[] => requestsReceived(peer.trace, method))
    .filter((request) => request.toTag !== "");
  assert.ok(inside.length > 0);
  for (const request of inside) {
    assert.match(request.value("Via") ?? "", new RegExp(`^SIP/2.0/(UDP|TCP) ${address}(:50[67]0)?;`));
    assert.equal(request.has("Route"), false);
  }
}

async function assertRecord(stage: Stage, number: string, hangUp: "caller" | "callee"): Promise<void> {
  const record = await stage.record(number);
  assert.equal(record.status, "completed");
  assert.equal(record.releasedBy, hangUp);
  assert.deepEqual(record.attempts, ["answered 200"]);
}

const twoUdp = { inSocket: "udp", outSocket: "udp" } as const;
const udpToTcp = { inSocket: "udp", outSocket: "tcp" } as const;
const tcpToUdp = { inSocket: "tcp", outSocket: "udp" } as const;

export const behindKamailio: Group = {
  name: "behind-kamailio",
  peers: ["sipp", "kamailio"],
  stage: { network, exchange: { gateway: { timers: shortTimers } } },
  concurrency: 3,
  scenarios: [
    {
      name: "kamailio-two-sockets",
      sentence:
        "a customer behind Kamailio with two UDP sockets calls, both ends re-INVITE, and the caller hangs up",
      play: playTermination(twoUdp, "caller", `127.0.${network}.61`),
    },
    {
      name: "kamailio-udp-to-tcp",
      sentence:
        "a customer behind Kamailio from UDP to TCP calls, both ends re-INVITE, and the carrier hangs up",
      play: playTermination(udpToTcp, "callee", `127.0.${network}.62`),
    },
    {
      name: "kamailio-sbc-two-sockets",
      sentence:
        "the PSTN calls an SBC behind Kamailio with two UDP sockets, both ends re-INVITE, and the SBC hangs up",
      play: playOrigination(twoUdp, "callee", `127.0.${network}.63`),
    },
    {
      name: "kamailio-sbc-tcp-to-udp",
      sentence:
        "the PSTN calls an SBC behind Kamailio from TCP to UDP, both ends re-INVITE, and the caller hangs up",
      play: playOrigination(tcpToUdp, "caller", `127.0.${network}.64`),
    },
  ],
};
