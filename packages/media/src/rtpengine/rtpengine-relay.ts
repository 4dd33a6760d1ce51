import type { Clock } from "@tandem/clock";
import type { SdpObjection, SdpRelay, SdpSession, SessionJournal } from "../sdp-relay.ts";
import { RtpengineNode, type RtpengineOptions } from "./rtpengine-node.ts";
import { RtpengineSession, type SessionHost } from "./rtpengine-session.ts";

export interface RtpengineRelayOptions {
  readonly clock: Clock;
  /** 0 to 1. */
  readonly random: () => number;
  readonly rtpengines: readonly RtpengineOptions[];
  /** Sends one datagram to the rtpengine of that name. */
  readonly send: (name: string, datagram: string) => void;
  /** One went down or came back. */
  readonly onChange: (name: string, isUp: boolean) => void;
}

/** The SdpRelay over any number of rtpengines: new sessions go to one that lives, by weight. */
export class RtpengineRelay implements SdpRelay {
  readonly #nodes: readonly RtpengineNode[];
  readonly #random: () => number;
  #openSessions = 0;

  constructor(options: RtpengineRelayOptions) {
    const { clock, random, send, onChange } = options;
    this.#random = random;
    this.#nodes = options.rtpengines.map(
      (one) =>
        new RtpengineNode({
          ...one,
          clock,
          random,
          send: (datagram) => send(one.name, datagram),
          onChange: ({ name, isUp }) => onChange(name, isUp),
        }),
    );
  }

  get openSessions(): number {
    return this.#openSessions;
  }

  /** Name to whether it lives. */
  states(): ReadonlyMap<string, boolean> {
    return new Map(this.#nodes.map(({ name, isUp }) => [name, isUp]));
  }

  /** Asks all whether they live, now and from time to time. */
  start(): void {
    for (const node of this.#nodes) node.start();
  }

  receive(name: string, datagram: string): void {
    this.#nodes.find((one) => one.name === name)?.client.receive(datagram);
  }

  objectionTo(mediaInterfaces: readonly string[]): SdpObjection | undefined {
    const fitting = this.#nodes.filter((node) => hasAll(node, mediaInterfaces));
    if (fitting.length === 0) {
      const names = [...new Set(mediaInterfaces)].join(" and ");
      const text = `no rtpengine is configured${names === "" ? "" : ` with media on ${names}`}`;
      return { kind: "unconfigured", text };
    }
    if (fitting.some(takesSessions)) return undefined;
    const text = `no rtpengine answers (${fitting.map(({ name }) => name).join(", ")})`;
    return { kind: "unavailable", text };
  }

  addressOf(mediaInterface: string): string | undefined {
    for (const node of this.#nodes) {
      const found = node.interfaceOf(mediaInterface);
      if (found !== undefined) return found.address;
    }
    return undefined;
  }

  session(key: string): SdpSession {
    this.#openSessions += 1;
    return new RtpengineSession(this.#host(key));
  }

  adopt({ relay, sessionId, tag }: SessionJournal): SdpSession | undefined {
    const node = this.#nodes.find((one) => one.name === relay);
    if (node === undefined) return undefined;
    this.#openSessions += 1;
    return new RtpengineSession(this.#host(sessionId), { node, sessionId, tag });
  }

  close(): void {
    for (const node of this.#nodes) node.close();
  }

  #host(key: string): SessionHost {
    return {
      choose: (mediaInterfaces, tried) => {
        const living = this.#nodes.filter(
          (node) => takesSessions(node) && !tried.has(node) && hasAll(node, mediaInterfaces),
        );
        return byWeight(living, this.#random());
      },
      objectionTo: (mediaInterfaces) => this.objectionTo(mediaInterfaces),
      // Two gateways may have the same call, and the same rtpengine.
      newSessionId: () => `${key}-${Math.floor(this.#random() * 2 ** 40).toString(36)}`,
      onDeleted: () => {
        this.#openSessions -= 1;
      },
    };
  }
}

function takesSessions(node: RtpengineNode): boolean {
  return node.isUp && node.weight > 0;
}

function hasAll(node: RtpengineNode, mediaInterfaces: readonly string[]): boolean {
  return mediaInterfaces.every((name) => node.interfaceOf(name) !== undefined);
}

/** @param draw 0 to 1 */
function byWeight(nodes: readonly RtpengineNode[], draw: number): RtpengineNode | undefined {
  const total = nodes.reduce((sum, { weight }) => sum + weight, 0);
  let left = draw * total;
  for (const node of nodes) {
    left -= node.weight;
    if (left < 0) return node;
  }
  return nodes[nodes.length - 1];
}
