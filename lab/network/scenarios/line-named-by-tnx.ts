import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { waitFor } from "../../harness/wait.ts";
import type { RemotePhone } from "../agent/remote-phone.ts";
import { blackhole } from "../builder/cuts.ts";
import { untilLineIs } from "../exchange/lines.ts";
import type { NetworkExchange } from "../exchange/network-exchange.ts";
import { startPrivateExchange } from "../scenario/private-exchange.ts";
import { provisionCarrierOf, provisionTrunkOf, pstnNumber } from "../scenario/provisioned.ts";
import type { NetworkScenario } from "../scenario/scenario.ts";
import type { Stand } from "../scenario/stand.ts";
import { carrierPlans, customerPlans } from "../standard/addresses.ts";

const [customer, spare, other] = customerPlans;
const [carrier] = carrierPlans;
const unknownSid = `TX${"0".repeat(32)}`;

/** (d) `tnx` names one line among several to the same network; what it cannot name is skipped with its code. */
async function play(stand: Stand): Promise<void> {
  stand.build({ gateways: { ashburn: 0, "san-jose-ix": 0, umatilla: 0 } });
  const [{ exchange, lines }, main, second, internet, third, pstn] = await Promise.all([
    startPrivateExchange(stand, { "line-1a": {}, "line-1b": {}, "line-2": {} }),
    stand.phone(customer.name, { address: customer.sbcAddress, toneHz: 600 }),
    stand.phone(spare.name, { address: spare.sbcAddress, toneHz: 500 }),
    stand.phone(customer.name, { address: customer.internetAddress, toneHz: 400 }),
    stand.phone(other.name, { address: other.sbcAddress, toneHz: 300 }),
    stand.phone(carrier.name, { address: carrier.switchAddress, toneHz: 900 }),
  ]);
  const sidOf = (line: "line-1a" | "line-1b"): string => lines.get(line) ?? "";
  await provisionCarrierOf(exchange, carrier);
  const sbcs: Sbcs = { main, spare: second, internet, other: third };
  const context: Context = { stand, exchange, pstn, sbcs };
  const url = (parameter: string): string => `sip:${customer.sbcAddress};${parameter}`;
  await judge(context, "tnx of line-1a", url(`tnx=${sidOf("line-1a")}`), "main");
  await judge(context, "tnx of line-1b", url(`tnx=${sidOf("line-1b")}`), "spare");
  await judge(context, "unknown tnx", url(`tnx=${unknownSid}`), "internet", 32_302);
  await refused(context, "malformed tnx", url("tnx=TX1"), 91_103);
  await refused(context, "unknown edge", url("edge=nowhere"), 91_115);
  await exchange.api.post(`/v1/Interconnect/Connections/${sidOf("line-1b")}`, { Status: "inactive" });
  await waitFor("line-1b to be inactive", () => isInactive(context, sidOf("line-1b")), 90_000);
  await exchange.settled();
  await judge(context, "inactive tnx", url(`tnx=${sidOf("line-1b")}`), "internet", 32_304);
  blackhole(stand.network.link("line-1a:customer-1"), "both");
  await untilLineIs(exchange, sidOf("line-1a"), "ashburn-ix-1", "down");
  await judge(context, "line-1a dead", url("edge=ashburn-ix"), "internet");
  await judge(context, "another customer's line", `sip:${other.sbcAddress};edge=ashburn-ix`, "other");
  await judgeOlderSnapshot(context);
}

/**
 * What REST refuses today may stand in a snapshot from before. The gateway is killed and started on such a snapshot while
 * control is down; control comes back for the alerts only.
 */
async function judgeOlderSnapshot(context: Context): Promise<void> {
  const { stand, exchange } = context;
  const placeholder = `TX${"1".repeat(32)}`;
  const malformed = await provision(context, `sip:${customer.sbcAddress};tnx=${placeholder}`);
  const unknown = await provision(context, `sip:${other.sbcAddress};edge=san-jose-ix`);
  await exchange.settled();
  const gateway = stand.gateway("ashburn-ix-1");
  await exchange.program("control").kill();
  await exchange.program(gateway.name).kill();
  const file = join(stand.network.host(gateway.name).directory, "gateway", "snapshot.json");
  const kept = readFileSync(file, "utf8");
  const older = kept.replaceAll(placeholder, "TX1").replaceAll("edge=san-jose-ix", "edge=nowhere");
  stand.verdicts.expect(
    "the snapshot names both URLs",
    older.includes("tnx=TX1") && older.includes("edge=nowhere"),
    "",
  );
  writeFileSync(file, older);
  await exchange.startGateway(gateway);
  stand.timeline.tell(gateway.name, "serves by an older snapshot, control is down");
  await place(context, "malformed tnx in an older snapshot", malformed, "internet");
  await place(context, "unknown edge in an older snapshot", unknown, "other");
  await exchange.startControl();
  await alerted(context, "malformed tnx in an older snapshot", 32_301);
}

async function isInactive({ exchange }: Context, sid: string): Promise<boolean> {
  return (await exchange.api.get(`/v1/Interconnect/Connections/${sid}`))["status"] === "inactive";
}

/** What nobody can mean is refused where it is typed in. A snapshot that has it all the same: the gateway's own tests. */
async function refused({ stand, exchange }: Context, what: string, url: string, code: number): Promise<void> {
  const trunk = await exchange.api.post("/v1/Trunks", { FriendlyName: what });
  const wishes = { FriendlyName: what, SipUrl: url, Priority: 1, Weight: 1, Enabled: true };
  const answer = await exchange.api.post(`/v1/Trunks/${trunk.sid}/OriginationUrls`, wishes).then(
    () => "accepted",
    (error: Error) => error.message,
  );
  stand.verdicts.expect(`${what}: refused with ${code}`, answer.includes(`400 {"code":${code},`), answer);
}

interface Sbcs {
  readonly main: RemotePhone;
  readonly spare: RemotePhone;
  readonly internet: RemotePhone;
  readonly other: RemotePhone;
}

interface Context {
  readonly stand: Stand;
  readonly exchange: NetworkExchange;
  readonly pstn: RemotePhone;
  readonly sbcs: Sbcs;
}

let trunks = 0;

/** A trunk of its own with this URL first and the internet second; the call must come to that SBC. */
async function judge(
  context: Context,
  what: string,
  url: string,
  wanted: keyof Sbcs,
  alertCode?: number,
): Promise<void> {
  const number = await provision(context, url);
  await context.exchange.settled();
  await place(context, what, number, wanted);
  if (alertCode !== undefined) await alerted(context, what, alertCode);
}

/** The number of a new trunk with this URL first and the internet second. */
async function provision({ exchange }: Context, url: string): Promise<string> {
  trunks += 1;
  const number = `+1202555${String(1000 + trunks)}`;
  await provisionTrunkOf(exchange, `tnx-${trunks}`, {
    originationUrls: [
      { url, priority: 1 },
      { url: `sip:${customer.internetAddress}`, priority: 2 },
    ],
    numbers: [number],
  });
  return number;
}

/** A call from the PSTN to this number must be answered, by that SBC. */
async function place(
  { stand, pstn, sbcs }: Context,
  what: string,
  number: string,
  wanted: keyof Sbcs,
): Promise<void> {
  const before = await counts(sbcs);
  const gateway = stand.gateway("ashburn-ix-1");
  const call = await pstn.call({
    requestUri: `sip:${number}@${gateway.carrierAddress}`,
    from: `sip:${pstnNumber}@${carrier.switchAddress}`,
    to: { address: gateway.carrierAddress, port: 5060 },
  });
  stand.verdicts.equal(`${what}: answer`, (await call.settled()).statusCode, 200);
  const after = await counts(sbcs);
  const came = Object.keys(after).filter((name) => after[name] !== before[name]);
  stand.verdicts.equal(`${what}: came to`, came.join(" "), wanted);
  await call.hangUp();
}

async function alerted({ stand, exchange }: Context, what: string, alertCode: number): Promise<void> {
  const code = await waitFor(`alert ${alertCode}`, async () => {
    const { alerts } = (await exchange.api.get("/v1/Alerts?PageSize=50")) as {
      alerts: { error_code: string }[];
    };
    return alerts.find((one) => Number(one.error_code) === alertCode)?.error_code;
  }).catch(() => "none");
  stand.verdicts.equal(`${what}: alert`, Number(code), alertCode);
}

async function counts(sbcs: Sbcs): Promise<Record<string, number>> {
  const entries = Object.entries(sbcs).map(async ([name, phone]: [string, RemotePhone]) => {
    const received = await phone.received();
    return [name, received.length] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}

export const lineNamedByTnx: NetworkScenario = {
  name: "line-named-by-tnx",
  sentence: "tnx tells two lines to the same network apart; a line it cannot name is skipped with its code",
  programs: ["frr", "nft"],
  play,
};
