import type { SdpRelay, SdpSession, SessionJournal } from "@tandem/media";

/** The SdpRelay of one call: what throws when an answer comes is this call's fault, and ends it alone. */
export function guardedSdpRelay(relay: SdpRelay, onFault: (error: unknown) => void): SdpRelay {
  const guard =
    <T>(done: (value: T) => void) =>
    (value: T): void => {
      try {
        done(value);
      } catch (error) {
        onFault(error);
      }
    };
  const guarded = (session: SdpSession): SdpSession => ({
    get relay() {
      return session.relay;
    },
    offer: (offer, done) => session.offer(offer, guard(done)),
    answer: (answer, done) => session.answer(answer, guard(done)),
    query: (done) => session.query(guard(done)),
    toJournal: () => session.toJournal(),
    delete: (done) => session.delete(guard(done)),
  });
  return {
    get openSessions() {
      return relay.openSessions;
    },
    objectionTo: (mediaInterfaces) => relay.objectionTo(mediaInterfaces),
    addressOf: (mediaInterface) => relay.addressOf(mediaInterface),
    session: (key) => guarded(relay.session(key)),
    adopt: (journal: SessionJournal) => {
      const session = relay.adopt(journal);
      return session && guarded(session);
    },
  };
}
