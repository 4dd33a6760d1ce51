import { delay } from "../../harness/wait.ts";
import { Ladder } from "./ladder.ts";
import { Party } from "./party.ts";
import type { Play } from "./play.ts";
import type { EstablishedCall, Scene } from "./scenario.ts";
import type { Stand } from "./stand.ts";
import { sipPort, sipsPort, trunkHost } from "./stand-addresses.ts";

/** A scene whose peers are there; `close` ends their sockets. */
export interface OpenScene extends Scene {
  /** What a peer has heard and its script did not expect. */
  readonly unexpected: () => readonly string[];
  readonly close: () => Promise<void>;
}

/** Longer than anything may take on a machine that is busy, beyond the timers of the gateway. */
const patienceMs = 10_000;

export async function openScene(stand: Stand, play: Play): Promise<OpenScene> {
  const ladder = new Ladder();
  const { forCustomers, forCarriers } = stand.addresses;
  const parties = await openParties(stand, play, ladder);
  const [customer, carrier, second] = parties;
  return {
    protocol: play.protocol,
    t1Ms: stand.t1Ms,
    ladder,
    customer,
    carrier,
    second,
    gateway: { forCustomers, forCarriers },
    setUp: () => setUp(customer, carrier),
    hangUp,
    pause: (ms) => delay(ms),
    unexpected: () =>
      parties.flatMap(({ name, inbox }) => inbox.unread.map(({ startLine }) => `${name} heard ${startLine}`)),
    close: async () => {
      for (const party of parties) await party.wire.close();
    },
  };
}

async function openParties(
  stand: Stand,
  play: Play,
  ladder: Ladder,
): Promise<readonly [customer: Party, carrier: Party, second: Party]> {
  const { addresses, certificate } = stand;
  const { protocol, ports, scenario } = play;
  const gatewayPort = protocol === "TLS" ? sipsPort : sipPort;
  const shared = { protocol, ladder, certificate, limitMs: patienceMs + 80 * stand.t1Ms };
  const open = (name: string, port: number): Promise<Party> => {
    const isCustomer = name === "customer";
    return Party.open({
      ...shared,
      name,
      local: { address: isCustomer ? addresses.customers : addresses.carriers, port },
      gateway: {
        address: isCustomer ? addresses.forCustomers : addresses.forCarriers,
        port: gatewayPort,
      },
      listens: scenario.options.deaf !== name,
      dials: isCustomer
        ? `sip:${play.pstnNumber}@${trunkHost(play.label)}`
        : `sip:${play.trunkNumber}@${addresses.forCarriers}`,
      from: isCustomer ? "sip:+12025550123@pbx.example" : "sip:+442071838750@bigtel.example",
    });
  };
  return [await open("customer", ports[0]), await open("carrier", ports[1]), await open("second", ports[2])];
}

async function setUp(from: Party, to: Party): Promise<EstablishedCall> {
  const caller = from.dial();
  await caller.send("INVITE");
  const callee = await to.incoming();
  callee.respond(180);
  await caller.expect(180);
  callee.answer();
  const answered = await caller.expect(200);
  await caller.ack(answered);
  await callee.expect("ACK");
  // Its answer tells that the ACK before it has come: a re-INVITE of the callee is no glare any more.
  await caller.send("OPTIONS");
  await caller.expect("200 OPTIONS");
  return { caller, callee };
}

async function hangUp({ caller, callee }: EstablishedCall): Promise<void> {
  await caller.send("BYE");
  await caller.expect("200 BYE");
  await callee.expect("BYE");
  callee.respond(200);
}
