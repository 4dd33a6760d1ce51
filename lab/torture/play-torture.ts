import { delay } from "../harness/wait.ts";
import { cleanCall } from "../scenarios/runner/clean-call.ts";
import { playsOf } from "../scenarios/runner/play.ts";
import { playOne, residueIn } from "../scenarios/runner/play-theme.ts";
import { everyTransport } from "../scenarios/runner/scenario.ts";
import { Stand } from "../scenarios/runner/stand.ts";
import { sipPort, sipsPort } from "../scenarios/runner/stand-addresses.ts";
import type { Protocol } from "../scenarios/runner/wire.ts";
import { type Verdict, verdictOn } from "./expectations.ts";
import { TortureCarrier } from "./torture-carrier.ts";
import { type TortureMessage, tortureMessages } from "./torture-messages.ts";

/** What one message got over one transport. */
export interface TortureOutcome {
  readonly message: TortureMessage;
  readonly protocol: Protocol;
  readonly verdict: Verdict;
  /** Why the clean call behind it failed; undefined: it succeeded. */
  readonly cleanCallFailure: string | undefined;
}

export interface TortureRun {
  readonly outcomes: readonly TortureOutcome[];
  /** What is wrong with the gateway after all of it; undefined: nothing. */
  readonly residue: string | undefined;
}

const t1Ms = 20;
const network = "127.0.191";
const firstHost = 100;

/** Sends every message from a carrier's address to a gateway over UDP, TCP and TLS, with a clean call behind each. */
export async function playTorture(): Promise<TortureRun> {
  const theme = {
    name: "torture",
    network,
    scenarios: [{ ...cleanCall, options: { over: everyTransport } }],
  };
  const plays = playsOf(theme, cleanCall);
  const stand = await Stand.start({ network, firstHost, plays, t1Ms });
  const outcomes: TortureOutcome[] = [];
  try {
    for (const protocol of everyTransport) {
      const play = plays.find((one) => one.protocol === protocol);
      if (play === undefined) throw new Error(`no clean call over ${protocol}`);
      const gateway = { address: stand.addresses.forCarriers, port: protocol === "TLS" ? sipsPort : sipPort };
      const carrier = await TortureCarrier.open(protocol, stand.addresses.carriers, gateway);
      const pause = pauses();
      for (const message of inRounds(tortureMessages)) {
        const expected = verdictOn(message.expectation, protocol);
        const send = async (): Promise<Verdict> => {
          await pause(message);
          return carrier.send(message.text, expected);
        };
        const verdict = await stand.unstrained(send, (one) => one === expected);
        const clean = await stand.unstrained(
          () => playOne(stand, play),
          ({ failure }) => failure === undefined,
        );
        outcomes.push({ message, protocol, verdict, cleanCallFailure: clean.failure });
      }
      await carrier.close();
    }
    return { outcomes, residue: await residueIn(stand, plays.at(-1)) };
  } finally {
    await stand.stop();
  }
}

/** Some messages of the RFCs share their branch: the second would be taken for the first that comes again, for 64 T1. */
function pauses(): (message: TortureMessage) => Promise<void> {
  const sentAtMs = new Map<string, number>();
  return async (message) => {
    const key = transactionOf(message);
    const last = sentAtMs.get(key);
    const leftMs = last === undefined ? 0 : last + 70 * t1Ms - performance.now();
    if (leftMs > 0) await delay(leftMs);
    sentAtMs.set(key, performance.now());
  };
}

/** First one message of each transaction, then the second ones: little has to be waited for. */
function inRounds(messages: readonly TortureMessage[]): readonly TortureMessage[] {
  const seen = new Map<string, number>();
  const ranked = messages.map((message) => {
    const key = transactionOf(message);
    const round = (seen.get(key) ?? 0) + 1;
    seen.set(key, round);
    return { message, round };
  });
  return ranked.toSorted((one, other) => one.round - other.round).map(({ message }) => message);
}

/** What tells transactions apart (RFC 3261 §17.2.3): method, and sent-by and branch of the topmost Via. */
function transactionOf({ text }: TortureMessage): string {
  return `${text.split(" ", 1)[0]} ${/^(?:Via|v)\s*:\s*(.*)\r$/im.exec(text)?.[1] ?? ""}`;
}
