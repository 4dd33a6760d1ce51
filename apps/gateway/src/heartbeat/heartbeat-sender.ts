import type { Clock, Timer } from "@tandem/clock";
import { type BackboneKey, heartbeatIntervalMs } from "@tandem/contracts";
import { type HeartbeatFields, maximumHeartbeatSkewMs, signHeartbeat } from "@tandem/heartbeat";

export interface HeartbeatSenderOptions {
  readonly clock: Clock;
  /** The key that signs; undefined: there is none, and no heartbeat. */
  readonly key: () => BackboneKey | undefined;
  readonly fields: () => Omit<HeartbeatFields, "atMs">;
  /** One datagram to each name server. Never throws: a lost heartbeat is followed by the next. */
  readonly send: (text: string) => void;
}

/** Says every second, to each name server, that this gateway lives; and at once when it takes no more calls. */
export class HeartbeatSender {
  readonly #options: HeartbeatSenderOptions;
  #timer: Timer | undefined;
  /** Readers refuse what is not newer than the last: never twice the same, and not back with a wall clock that is set a little. */
  #lastAtMs = 0;

  constructor(options: HeartbeatSenderOptions) {
    this.#options = options;
  }

  start(): void {
    this.beat();
  }

  /** @internal */
  beat(): void {
    this.sendNow();
    this.#timer = this.#options.clock.schedule(heartbeatIntervalMs, beat, this);
  }

  /** Something changed that the name servers should not hear a second late. */
  sendNow(): void {
    const { clock, key, fields, send } = this.#options;
    const signing = key();
    if (signing === undefined) return;
    const atMs = this.#timeAfter(clock.wallMs());
    this.#lastAtMs = atMs;
    send(signHeartbeat({ ...fields(), atMs }, signing));
  }

  /** Set back by more than readers allow, the clock is believed: they would refuse the time of before as one of the future. */
  #timeAfter(nowMs: number): number {
    const nextMs = this.#lastAtMs + 1;
    return nextMs - nowMs > maximumHeartbeatSkewMs ? nowMs : Math.max(nowMs, nextMs);
  }

  close(): void {
    this.#timer?.cancel();
  }
}

function beat(sender: HeartbeatSender): void {
  sender.beat();
}
