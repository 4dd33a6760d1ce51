import type {
  SdpAnswer,
  SdpOffer,
  SdpRelayed,
  SdpSession,
  SessionJournal,
  SessionState,
  SessionStatistics,
} from "@tandem/media";

/** Offers and answers of one call that wait for their turn. Each side has one at a time, and early media may repeat theirs. */
export const maximumWaitingExchanges = 8;

type Exchange = (next: () => void) => void;

/**
 * A session that is asked one thing at a time, in the order in which it was asked for: two datagrams may overtake each
 * other. Ending it lets what is under way come back first, so that a late retransmission makes no new session.
 *
 *   open ──end()──▶ ending (nobody is told anything any more) ──▶ deleted
 */
export class SerialSession {
  readonly #session: SdpSession;
  readonly #waiting: Exchange[] = [];
  #isBusy = false;
  #isEnding = false;

  constructor(session: SdpSession) {
    this.#session = session;
  }

  get relay(): string | undefined {
    return this.#session.relay;
  }

  offer(offer: SdpOffer, done: (relayed: SdpRelayed) => void): void {
    this.#exchange((next) => this.#session.offer(offer, (relayed) => this.#tell(done, relayed, next)), done);
  }

  answer(answer: SdpAnswer, done: (relayed: SdpRelayed) => void): void {
    this.#exchange(
      (next) => this.#session.answer(answer, (relayed) => this.#tell(done, relayed, next)),
      done,
    );
  }

  /** Asked beside offers and answers: it changes nothing. */
  query(done: (state: SessionState) => void): void {
    this.#session.query((state) => {
      if (!this.#isEnding) done(state);
    });
  }

  toJournal(): SessionJournal | undefined {
    return this.#session.toJournal();
  }

  /** Once. */
  end(done: (statistics: SessionStatistics | undefined) => void): void {
    this.#isEnding = true;
    this.#waiting.length = 0;
    const remove: Exchange = () => this.#session.delete(done);
    if (this.#isBusy) this.#waiting.push(remove);
    else this.#run(remove);
  }

  #exchange(exchange: Exchange, done: (relayed: SdpRelayed) => void): void {
    if (this.#isEnding) return;
    if (!this.#isBusy) this.#run(exchange);
    else if (this.#waiting.length < maximumWaitingExchanges) this.#waiting.push(exchange);
    else {
      const text = `${maximumWaitingExchanges} offers and answers wait already`;
      done({ ok: false, kind: "unavailable", text });
    }
  }

  #run(exchange: Exchange): void {
    this.#isBusy = true;
    exchange(() => {
      const next = this.#waiting.shift();
      this.#isBusy = false;
      if (next !== undefined) this.#run(next);
    });
  }

  /** The next one has its turn even when who is told fails. */
  #tell(done: (relayed: SdpRelayed) => void, relayed: SdpRelayed, next: () => void): void {
    try {
      if (!this.#isEnding) done(relayed);
    } finally {
      next();
    }
  }
}
