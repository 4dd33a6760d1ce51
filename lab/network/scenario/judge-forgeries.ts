/** A customer that pretends to be a sister: with a way to the backbone's address, and even with a sister's address. */
import { waitFor } from "../../harness/wait.ts";
import { Capture } from "../capture/capture.ts";
import type { NetworkExchange } from "../exchange/network-exchange.ts";
import type { CustomerPlan } from "../standard/addresses.ts";
import type { GatewayHost } from "../standard/gateway-host.ts";
import { optionsText, withNewTransaction, withWrongSignature } from "./forged-requests.ts";
import type { Stand } from "./stand.ts";

export interface ForgeryPlan {
  readonly exchange: NetworkExchange;
  readonly customer: CustomerPlan;
  /** Gateway that is lied to. */
  readonly target: GatewayHost;
  /** Gateway that the customer pretends to be. */
  readonly sister: GatewayHost;
  /** A real INVITE of the sister to the target, recorded on the backbone. */
  readonly invite: string;
}

interface Forgery {
  readonly what: string;
  readonly address: string;
  /** Default: the target's on the backbone. */
  readonly to?: string;
  readonly text: string;
}

const port = 5095;
/** Time for an answer, of which there is to be none. */
const silenceMs = 700;

export async function judgeForgeries(stand: Stand, plan: ForgeryPlan): Promise<void> {
  const { verdicts, network, timeline } = stand;
  const { exchange, customer, target, sister } = plan;
  await judgeSister(stand, plan);
  lendRoutes(stand, plan);
  const before = await silencesOf(exchange, target, () => true);
  const capture = await Capture.start(network, network.links);
  const agent = await stand.agent(customer.name);
  const forgeries = forgeriesOf(plan);
  for (const { what, address, text, to = target.backboneAddress } of forgeries) {
    timeline.tell(customer.name, `${what}, from ${address}`);
    const heard = await agent.perform("sendDatagram", {
      from: { address, port },
      to: { address: to, port: 5060 },
      text,
      waitMs: silenceMs,
    });
    verdicts.equal(`${what}: heard by ${customer.name}`, heard.length, 0);
  }
  const datagrams = await capture.stop();
  const link = `internet:${target.name}`;
  for (const { what, text } of forgeries) {
    const sent = datagrams.filter(({ payload }) => payload.toString("latin1") === text);
    verdicts.equal(`${what}: arrives by ${link}`, sent.filter((one) => one.link === link).length, 1);
    const branch = /;branch=([^;\s]+)/.exec(text)?.[1] ?? "";
    const answers = datagrams.filter(({ payload }) => isResponse(payload.toString("latin1"), branch));
    verdicts.equal(`${what}: answers on any link`, answers.length, 0);
  }
  const sum = (counts: Counts): number => Object.values(counts).reduce((total, count) => total + count, 0);
  const after = await silencesOf(exchange, target, (now) => sum(now) - sum(before) >= forgeries.length);
  const grown = Object.keys(after)
    .filter((why) => after[why] !== before[why])
    .map((why) => `${why} ${(after[why] ?? 0) - (before[why] ?? 0)}`);
  verdicts.equal(
    `${target.name} says why it was silent`,
    grown.sort().join(", "),
    "replayed 1, unknown-source 2, wrong-interface 1, wrong-signature 1",
  );
  timeline.tell(target.name, `silent to all who were not ${sister.name}`);
}

/** Who is asked the same by a real sister answers: the silence after it has its reason. */
async function judgeSister(stand: Stand, { target, sister }: ForgeryPlan): Promise<void> {
  const agent = await stand.agent(sister.name);
  const answers = await agent.perform("sendDatagram", {
    from: { address: sister.backboneAddress, port },
    to: { address: target.backboneAddress, port: 5060 },
    text: optionsText(sister.backboneAddress, port, target.backboneAddress),
    waitMs: silenceMs,
  });
  const [first = "nothing"] = answers.map((answer) => answer.split("\r\n")[0]);
  stand.verdicts.equal(`OPTIONS of ${sister.name} on the backbone`, first, "SIP/2.0 200 OK");
}

/** The customer gets a way to the backbone's address that no operator would give, and the sister's address too. */
function lendRoutes({ network }: Stand, { customer, target, sister }: ForgeryPlan): void {
  const backbone = `${target.backboneAddress}/32`;
  network.host("internet").ip("route", "add", backbone, "dev", target.name);
  // Whoever leaves this to the kernel's filter has one line of defence less; here the gateway must see it.
  for (const name of ["internet", target.name]) {
    network.host(name).run("sysctl", ["-qw", "net.ipv4.conf.all.rp_filter=0"]);
  }
  network.host(customer.name).ip("address", "add", `${sister.backboneAddress}/32`, "dev", "lo");
}

function forgeriesOf({ customer, target, sister, invite }: ForgeryPlan): readonly Forgery[] {
  const own = customer.internetAddress;
  const lent = sister.backboneAddress;
  return [
    { what: "OPTIONS", address: own, text: optionsText(own, port, target.backboneAddress) },
    { what: "a recorded INVITE", address: own, text: withNewTransaction(invite, own, port) },
    {
      what: "a recorded INVITE to the customers' interface",
      address: own,
      to: target.internetAddress,
      text: withNewTransaction(invite, own, port),
    },
    {
      what: "an INVITE with a wrong signature and a sister's address",
      address: lent,
      text: withNewTransaction(withWrongSignature(invite), lent, port),
    },
    {
      what: "a recorded INVITE from a sister's address",
      address: lent,
      text: withNewTransaction(invite, lent, port),
    },
  ];
}

function isResponse(text: string, branch: string): boolean {
  return text.startsWith("SIP/2.0 ") && text.includes(branch);
}

type Counts = Readonly<Record<string, number>>;

/** What the gateway counted, as soon as that is enough. */
async function silencesOf(
  exchange: NetworkExchange,
  { name }: GatewayHost,
  isEnough: (counts: Counts) => boolean,
): Promise<Counts> {
  const program = exchange.program(name);
  const lines = (): readonly string[] =>
    program.output.split("\n").filter((line) => line.includes('"backboneSilences"') && line.endsWith("}"));
  return waitFor(`${name} to count`, async () => {
    const told = lines().length;
    program.signal("SIGUSR2");
    const line = await waitFor("its status", () => lines()[told]);
    const { backboneSilences = {} } = JSON.parse(line) as { backboneSilences?: Counts };
    return isEnough(backboneSilences) ? backboneSilences : undefined;
  });
}
