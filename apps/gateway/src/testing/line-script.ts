/** Gateways with private lines between doubles, for tests that are whole calls. */
import type { GatewayConfiguration, InterfaceConfiguration, Snapshot } from "@tandem/contracts";
import { type FlowDouble, flow, response } from "@tandem/sip/testing";
import { connectionSid, exampleConnection, exampleTrunk, exampleUrl } from "./example-snapshot.ts";
import { answer, type GatewayScript, type GatewayScriptOptions, gatewayScript } from "./gateway-script.ts";
import type { LedgerDouble } from "./ledger-double.ts";

export const privateInterface: InterfaceConfiguration = {
  name: "customers",
  roles: ["private"],
  localAddress: "203.0.113.64",
  udpPort: 5060,
};
export const internet: InterfaceConfiguration = {
  name: "internet",
  roles: ["public"],
  localAddress: "198.51.100.1",
  udpPort: 5060,
};
export const carriers: InterfaceConfiguration = {
  name: "carriers",
  roles: ["carrier"],
  localAddress: "198.51.100.2",
  udpPort: 5060,
};

export const [one, two] = [connectionSid(1), connectionSid(2)];
export const address = "172.56.42.132";

interface Wishes {
  readonly snapshot?: Partial<Snapshot>;
  readonly interfaces?: readonly InterfaceConfiguration[];
  readonly attribution?: "kernel" | "address";
  readonly ledger?: LedgerDouble;
  readonly resolver?: GatewayScriptOptions["resolver"];
  readonly random?: () => number;
}

export async function gateway(wishes: Wishes = {}): Promise<GatewayScript> {
  const configuration: Partial<GatewayConfiguration> = {
    interfaces: [...(wishes.interfaces ?? [privateInterface, internet, carriers])],
    lineAttribution: wishes.attribution ?? "kernel",
  };
  return gatewayScript({
    configuration,
    snapshot: {
      connections: [exampleConnection(1), exampleConnection(2)],
      ipAccessControlLists: [{ sid: "AL1", networks: ["172.56.42.0/24"], connectionSid: null }],
      ...wishes.snapshot,
    },
    ...(wishes.ledger === undefined ? {} : { ledger: wishes.ledger }),
    ...(wishes.random === undefined ? {} : { random: wishes.random }),
    ...(wishes.resolver === undefined ? {} : { resolver: wishes.resolver }),
  });
}

/** A datagram from the customer that arrives on that interface: the transport asks the gateway which line that is. */
export function arriving(script: GatewayScript, interfaceName: string, remoteAddress = address): FlowDouble {
  const connection = script.wire.connectionOf(remoteAddress, interfaceName);
  return flow("UDP", { interfaceName, remoteAddress, ...(connection === undefined ? {} : { connection }) });
}

export const urls = (...sipUrls: readonly string[]): Partial<Snapshot> => ({
  trunks: [
    exampleTrunk({
      originationUrls: sipUrls.map((sipUrl, index) =>
        exampleUrl({ sid: `OU${index}`, sipUrl, priority: index }),
      ),
    }),
  ],
});

/** Where the next INVITE goes. */
export function nextInvite({ wire }: GatewayScript): {
  readonly by: string;
  readonly to: string;
  readonly text: string;
} {
  const { text, target } = wire.expectSent("INVITE");
  const by = target?.connection ?? target?.interfaceName ?? "";
  return { by, to: target?.address ?? "", text };
}

/** The attempts of the last call: what, how, by which line, and why. */
export function attempts({ ledger }: GatewayScript): readonly unknown[] {
  const record = ledger.records[ledger.records.length - 1];
  return (record?.attempts ?? []).map((attempt) => [
    attempt.candidateSid,
    attempt.result,
    attempt.connection ?? attempt.interface,
    attempt.reason?.code,
  ]);
}

export function answerBy(script: GatewayScript, interfaceName: string): void {
  script.wire.inject(
    response(200, {
      contact: `<sip:${address}:5060>`,
      body: answer,
      headerFields: [["Content-Type", "application/sdp"]],
    }),
    arriving(script, interfaceName),
  );
  script.wire.expect("ACK");
  script.wire.expect(200);
}
