import type { Clock } from "@tandem/clock";
import { Phone, type PhoneCall } from "../../user-agents/phone.ts";
import type { CallView, Operations } from "./operations.ts";

/** The phones of one host, by `address:port`. */
export class AgentPhones {
  readonly #clock: Clock;
  readonly #phones = new Map<string, { readonly phone: Phone; readonly placed: PhoneCall[] }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  openPhone: Operations["openPhone"] = async ({ address, port, toneHz, refuseWith, dropEvery }) => {
    const phone = new Phone({
      clock: this.#clock,
      address,
      port,
      toneHz,
      ...(dropEvery === undefined ? {} : { dropEvery }),
      ...(refuseWith === undefined ? {} : { answer: { statusCode: refuseWith } }),
    });
    await phone.open();
    this.#phones.set(`${address}:${port}`, { phone, placed: [] });
  };

  closePhone: Operations["closePhone"] = async ({ phone }) => {
    await this.#at(phone).phone.close();
    this.#phones.delete(phone);
  };

  call: Operations["call"] = async ({ phone, ...wishes }) => {
    const { phone: real, placed } = this.#at(phone);
    return placed.push(await real.call(wishes)) - 1;
  };

  calls: Operations["calls"] = async ({ phone, which }) => this.#calls(phone, which).map(callView);

  hangUp: Operations["hangUp"] = async ({ phone, which, number }) => {
    this.#calls(phone, which)[number]?.hangUp();
  };

  speak: Operations["speak"] = async ({ phone, isSpeaking }) => {
    for (const { state, audio } of [...this.#calls(phone, "placed"), ...this.#calls(phone, "received")]) {
      if (!isSpeaking) audio.stop();
      else if (state === "answered") audio.start();
    }
  };

  #calls(id: string, which: "placed" | "received"): readonly PhoneCall[] {
    const { phone, placed } = this.#at(id);
    return which === "placed" ? placed : phone.received;
  }

  #at(id: string): { readonly phone: Phone; readonly placed: PhoneCall[] } {
    const phone = this.#phones.get(id);
    if (phone === undefined) throw new Error(`no phone at ${id}`);
    return phone;
  }
}

function callView(call: PhoneCall): CallView {
  const { audio } = call;
  const from = audio.receivedFrom;
  return {
    state: call.state,
    statusCode: call.statusCode,
    reasonPhrase: call.reasonPhrase,
    callId: call.callId,
    finalAfterMs: call.finalAfterMs ?? null,
    requestUri: call.request?.requestUri ?? null,
    heardToneHz: audio.heardToneHz ?? null,
    sentPackets: audio.sentPackets,
    receivedPackets: audio.receivedPackets,
    lostPackets: audio.lostPackets,
    receivedFrom: from === undefined ? null : `${from.address}:${from.port}`,
  };
}
