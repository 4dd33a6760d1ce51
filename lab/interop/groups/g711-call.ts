import assert from "node:assert/strict";
import { SystemClock } from "@tandem/clock";
import type { G711Encoding } from "@tandem/media/testing";
import { waitFor } from "../../harness/wait.ts";
import { Phone, type PhoneCall, type PhoneOptions } from "../../user-agents/phone.ts";
import type { CallRecordView } from "../record-view.ts";
import { listedLabel, type Stage } from "../stage.ts";

export const tones = { caller: 600, callee: 1000 } as const;
export const payloadTypes: Readonly<Record<G711Encoding, number>> = { PCMU: 0, PCMA: 8 };

/** More than what a record is looked at for. */
const enoughPackets = 30;

/** A call between two telephones that speak one codec each. */
export interface G711Wishes {
  readonly caller: G711Encoding;
  readonly callee: G711Encoding;
  /** Codecs of the far side, as they are configured; left out: any. */
  readonly codecs?: string;
  /** How the callee takes the call; left out: it answers. */
  readonly answer?: PhoneOptions["answer"];
}

export interface Talk {
  readonly caller: PhoneCall;
  /** Undefined: it never answered. */
  readonly callee: PhoneCall | undefined;
  readonly number: string;
  readonly record: CallRecordView;
}

/** Calls a number of a carrier that takes those codecs. */
export function customerCalls(stage: Stage, wishes: G711Wishes): Promise<Talk> {
  return play(stage, wishes, stage.customerAddress, stage.carrierAddress, async (port) => {
    const number = stage.number();
    await stage.provisionCarrier({
      gateways: [`sip:${stage.carrierAddress}:${port}`],
      prefix: number,
      parameters: parametersOf(wishes),
    });
    const to = { address: stage.exchange.customerAddress, port: stage.exchange.sipPort };
    const requestUri = `sip:${number}@${stage.exchange.terminationHost(listedLabel)}`;
    return { number, requestUri, from: `sip:+12025550123@${stage.customerAddress}`, to };
  });
}

/** Calls a number of a trunk whose customer takes those codecs. */
export function pstnCalls(stage: Stage, wishes: G711Wishes): Promise<Talk> {
  return play(stage, wishes, stage.pstnAddress, stage.customerAddress, async (port) => {
    const url = `sip:${stage.customerAddress}:${port}${stage.edgeParameter}`;
    const number = await stage.provisionOrigination([url], parametersOf(wishes));
    const to = { address: stage.exchange.carrierAddress, port: stage.exchange.sipPort };
    const requestUri = `sip:${number}@${stage.exchange.carrierAddress}`;
    return { number, requestUri, from: `sip:+13105550199@${stage.pstnAddress}`, to };
  });
}

function parametersOf({ codecs }: G711Wishes): Readonly<Record<string, string>> {
  return codecs === undefined ? {} : { Codecs: codecs };
}

async function play(
  stage: Stage,
  wishes: G711Wishes,
  callerAddress: string,
  calleeAddress: string,
  provision: (port: number) => Promise<Parameters<Phone["call"]>[0] & { readonly number: string }>,
): Promise<Talk> {
  const clock = new SystemClock();
  const [callerPort, port] = [stage.freePort(), stage.freePort()];
  const { answer } = wishes;
  const caller = new Phone({
    clock,
    address: callerAddress,
    port: callerPort,
    toneHz: tones.caller,
    encoding: wishes.caller,
  });
  const callee = new Phone({
    clock,
    address: calleeAddress,
    port,
    toneHz: tones.callee,
    encoding: wishes.callee,
    ...(answer === undefined ? {} : { answer }),
  });
  try {
    await caller.open();
    await callee.open();
    const { number, ...wanted } = await provision(port);
    const call = await caller.call(wanted);
    await waitFor("a final response", () => call.state !== "setup");
    const [taken] = callee.received;
    if (call.state === "answered") {
      await waitFor("both to be heard", () => {
        const heard = [call.audio.heardToneHz, taken?.audio.heardToneHz];
        const packets = Math.min(call.audio.receivedPackets, taken?.audio.receivedPackets ?? 0);
        return packets > enoughPackets && heard[0] === tones.callee && heard[1] === tones.caller;
      }).catch(() => {
        assert.fail(`heard ${call.audio.heardToneHz} and ${taken?.audio.heardToneHz} Hz`);
      });
      call.hangUp();
      await waitFor("the callee to get the BYE", () => taken?.state === "ended");
    }
    return { caller: call, callee: taken, number, record: await stage.record(number) };
  } finally {
    await caller.close();
    await callee.close();
    clock.close();
  }
}
