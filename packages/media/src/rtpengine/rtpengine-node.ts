import type { Clock, Timer } from "@tandem/clock";
import { NgClient, type NgDictionary, type NgReply } from "./ng-client.ts";

/** How often a rtpengine is asked whether it lives. Any request that it does not answer tells too. */
export const pingIntervalMs = 2000;
/** Deletions that a rtpengine did not answer, kept until it is back; the oldest go first. */
export const maximumOwedDeletions = 4096;

/** One rtpengine as it is configured. */
export interface RtpengineOptions {
  /** `127.0.0.1:2223`; names it everywhere. */
  readonly name: string;
  /** Share of the new sessions; 0: it gets none, which empties it. */
  readonly weight: number;
  /** Media interface of the gateway to the logical interface of rtpengine, with the address that it advertises there. */
  readonly interfaces: ReadonlyMap<string, RtpengineInterface>;
}

export interface RtpengineInterface {
  readonly name: string;
  readonly address: string;
}

export interface RtpengineNodeOptions extends RtpengineOptions {
  readonly clock: Clock;
  readonly random: () => number;
  readonly send: (datagram: string) => void;
  readonly onChange: (node: RtpengineNode) => void;
}

/**
 * One rtpengine and whether it lives.
 *
 *   up ──a request or ping unanswered──▶ down ──anything answered──▶ up (owed deletions are made)
 *
 * It is thought to be up until something says otherwise.
 */
export class RtpengineNode {
  readonly client: NgClient;
  readonly #options: RtpengineNodeOptions;
  readonly #owed = new Set<string>();
  #ping: Timer | undefined;
  #isUp = true;
  #isClosed = false;

  constructor(options: RtpengineNodeOptions) {
    this.#options = options;
    this.client = new NgClient(options);
  }

  get name(): string {
    return this.#options.name;
  }

  get weight(): number {
    return this.#options.weight;
  }

  get isUp(): boolean {
    return this.#isUp;
  }

  get owedDeletions(): number {
    return this.#owed.size;
  }

  interfaceOf(mediaInterface: string): RtpengineInterface | undefined {
    return this.#options.interfaces.get(mediaInterface);
  }

  start(): void {
    this.ping();
  }

  request(command: string, parameters: NgDictionary, done: (reply: NgReply) => void): void {
    this.client.request(command, parameters, (reply) => {
      this.#heard(reply);
      done(reply);
    });
  }

  /** A session that may be left there: it is deleted now, or when the rtpengine answers again. */
  owe(sessionId: string): void {
    this.#owed.add(sessionId);
    const [oldest] = this.#owed;
    if (this.#owed.size > maximumOwedDeletions && oldest !== undefined) this.#owed.delete(oldest);
    if (this.#isUp) this.#payOwed();
  }

  close(): void {
    this.#isClosed = true;
    this.#ping?.cancel();
    this.client.close();
  }

  /** @internal */
  ping(): void {
    this.request("ping", new Map(), () => {
      if (!this.#isClosed) this.#ping = this.#options.clock.schedule(pingIntervalMs, pingAgain, this);
    });
  }

  #heard(reply: NgReply): void {
    const isUp = reply.ok || reply.kind === "refused";
    if (isUp === this.#isUp || this.#isClosed) return;
    this.#isUp = isUp;
    if (isUp) this.#payOwed();
    this.#options.onChange(this);
  }

  #payOwed(): void {
    const owed = [...this.#owed];
    this.#owed.clear();
    for (const sessionId of owed) {
      this.request("delete", deletionOf(sessionId), (reply) => {
        if (!reply.ok && reply.kind === "silent" && !this.#isClosed) this.owe(sessionId);
      });
    }
  }
}

/** At once, not after rtpengine's usual half minute. */
export function deletionOf(sessionId: string): NgDictionary {
  return new Map<string, string | number>([
    ["call-id", sessionId],
    ["delete delay", 0],
  ]);
}

function pingAgain(node: RtpengineNode): void {
  node.ping();
}
