import type { Clock } from "@tandem/clock";
import type { Exchange } from "../harness/exchange.ts";
import { delay, waitFor } from "../harness/wait.ts";
import { Phone, type PhoneCall } from "../user-agents/phone.ts";
import { addresses, credentials, numbers, phonePort, tones } from "./demo-network.ts";
import { provisionDemo } from "./provision-demo.ts";
import { type CallRow, callRow, printTable } from "./table.ts";

/** How long each answered call talks. */
const talkMs = 1500;

interface Expectation {
  readonly title: string;
  readonly status: string;
  readonly statusCode: number;
  /** Reason code of a refusal. */
  readonly reasonCode?: number;
  readonly attempts: readonly string[];
}

interface Phones {
  readonly digestCustomer: Phone;
  readonly listedCustomer: Phone;
  readonly carrier: Phone;
}

/** Runs the five calls. Returns what was not as expected: empty when all is well. */
export async function runDemo(exchange: Exchange, clock: Clock): Promise<readonly string[]> {
  await provisionDemo(exchange);
  const phones: Phones = {
    digestCustomer: newPhone(clock, addresses.digestCustomer, tones.digestCustomer),
    listedCustomer: newPhone(clock, addresses.listedCustomer, tones.listedCustomer),
    carrier: newPhone(clock, addresses.carrier, tones.carrier),
  };
  const all = Object.values(phones) as Phone[];
  for (const phone of all) await phone.open();
  const failures: string[] = [];
  const rows: CallRow[] = [];
  try {
    for (const step of steps(exchange, phones)) {
      const before = await recordedCalls(exchange);
      failures.push(...(await step.run()).map((failure) => `${step.expectation.title}: ${failure}`));
      const row = await newRecord(exchange, before, step.expectation.title);
      rows.push(row);
      failures.push(...compare(row, step.expectation));
    }
  } finally {
    for (const phone of all) await phone.close();
  }
  printTable(rows);
  return failures;
}

function newPhone(clock: Clock, address: string, toneHz: number): Phone {
  return new Phone({ clock, address, port: phonePort, toneHz });
}

interface Step {
  readonly expectation: Expectation;
  readonly run: () => Promise<readonly string[]>;
}

function steps(exchange: Exchange, phones: Phones): readonly Step[] {
  const customers = { address: exchange.customerAddress, port: exchange.sipPort };
  const carriers = { address: exchange.carrierAddress, port: exchange.sipPort };
  const fromPstn = (called: string) =>
    phones.carrier.call({
      requestUri: `sip:${called}@${exchange.carrierAddress}`,
      from: `sip:${numbers.pstnCaller}@${addresses.carrier}`,
      to: carriers,
    });
  const byDigest = (password: string) =>
    phones.digestCustomer.call({
      requestUri: `sip:${numbers.pstn}@${exchange.terminationHost("digest")}`,
      from: `sip:${numbers.digestCustomer}@${addresses.digestCustomer}`,
      to: customers,
      credentials: { username: credentials.username, password },
    });
  const byAddress = () =>
    phones.listedCustomer.call({
      requestUri: `sip:${numbers.pstn}@${exchange.terminationHost("listed")}`,
      from: `sip:${numbers.listedCustomer}@${addresses.listedCustomer}`,
      to: customers,
    });
  return [
    {
      expectation: {
        title: "termination, digest",
        status: "completed",
        statusCode: 200,
        attempts: ["answered"],
      },
      run: () => talk(byDigest(credentials.password), phones.carrier, tones.digestCustomer, tones.carrier),
    },
    {
      expectation: {
        title: "termination, address list",
        status: "completed",
        statusCode: 200,
        attempts: ["answered"],
      },
      run: () => talk(byAddress(), phones.carrier, tones.listedCustomer, tones.carrier),
    },
    {
      expectation: {
        title: "wrong password",
        status: "failed",
        statusCode: 403,
        reasonCode: 32202,
        attempts: [],
      },
      run: () => refused(byDigest("Wrong-Horse-42"), 403),
    },
    {
      expectation: { title: "origination", status: "completed", statusCode: 200, attempts: ["answered"] },
      run: () =>
        talk(fromPstn(numbers.listedCustomer), phones.listedCustomer, tones.carrier, tones.listedCustomer),
    },
    {
      expectation: {
        title: "origination, first URL dead",
        status: "completed",
        statusCode: 200,
        attempts: ["failed", "answered"],
      },
      run: () =>
        talk(fromPstn(numbers.failoverCustomer), phones.listedCustomer, tones.carrier, tones.listedCustomer),
    },
  ];
}

/** A call that is answered: both ends must hear the other's tone. */
async function talk(
  placed: Promise<PhoneCall>,
  callee: Phone,
  callerToneHz: number,
  calleeToneHz: number,
): Promise<readonly string[]> {
  const call = await placed;
  await waitFor("an answer", () => call.state !== "setup", 15_000);
  if (call.state !== "answered") return [`refused with ${call.statusCode} ${call.reasonPhrase}`];
  const answered = callee.received[callee.received.length - 1];
  await delay(talkMs);
  const failures: string[] = [];
  if (call.audio.heardToneHz !== calleeToneHz) {
    failures.push(`the caller hears ${call.audio.heardToneHz ?? "nothing"} Hz, not ${calleeToneHz}`);
  }
  if (answered?.audio.heardToneHz !== callerToneHz) {
    failures.push(`the callee hears ${answered?.audio.heardToneHz ?? "nothing"} Hz, not ${callerToneHz}`);
  }
  call.hangUp();
  await waitFor("the callee to get the BYE", () => answered === undefined || answered.state === "ended");
  return failures;
}

async function refused(placed: Promise<PhoneCall>, statusCode: number): Promise<readonly string[]> {
  const call = await placed;
  await waitFor("a refusal", () => call.state !== "setup");
  if (call.statusCode === statusCode) return [];
  call.hangUp();
  return [`got ${call.statusCode} ${call.reasonPhrase}, not ${statusCode}`];
}

async function recordedCalls(exchange: Exchange): Promise<ReadonlySet<string>> {
  return new Set((await callsOf(exchange)).map((call) => String(call["sid"])));
}

async function callsOf(exchange: Exchange): Promise<readonly Record<string, unknown>[]> {
  const { api } = exchange;
  const list = await api.get(`${api.accountPath}/Calls.json?PageSize=50`);
  return list["calls"] as Record<string, unknown>[];
}

/** The call that was not there before, read back from the API once its record has arrived. */
async function newRecord(exchange: Exchange, before: ReadonlySet<string>, title: string): Promise<CallRow> {
  const { api } = exchange;
  const sid = await waitFor(`the record of "${title}"`, async () => {
    const call = (await callsOf(exchange)).find((one) => !before.has(String(one["sid"])));
    return call !== undefined && call["end_time"] !== null ? String(call["sid"]) : undefined;
  });
  return callRow(title, await api.get(`${api.accountPath}/Calls/${sid}.json`));
}

function compare(row: CallRow, expected: Expectation): readonly string[] {
  const failures: string[] = [];
  const check = (what: string, seen: unknown, wanted: unknown): void => {
    if (seen !== wanted) failures.push(`${row.title}: ${what} is ${String(seen)}, not ${String(wanted)}`);
  };
  check("status", row.status, expected.status);
  check("status code", row.statusCode, expected.statusCode);
  check("attempts", row.attempts.map((one) => one.result).join(" "), expected.attempts.join(" "));
  if (expected.reasonCode !== undefined) check("reason", row.reasonCode, expected.reasonCode);
  if (expected.status !== "completed") return failures;
  check("released by", row.releasedBy, "caller");
  if (row.packetsFromCaller < 50)
    failures.push(`${row.title}: only ${row.packetsFromCaller} packets from the caller`);
  if (row.packetsFromCallee < 50)
    failures.push(`${row.title}: only ${row.packetsFromCallee} packets from the callee`);
  return failures;
}
