import { parseSdp } from "@tandem/sdp";
import type {
  SdpAnswer,
  SdpObjection,
  SdpOffer,
  SdpRelayed,
  SdpSession,
  SdpSide,
  SessionJournal,
  SessionState,
  SessionStatistics,
} from "../sdp-relay.ts";
import type { NgReply } from "./ng-client.ts";
import { answerParameters, offerParameters } from "./offer-parameters.ts";
import { deletionOf, type RtpengineInterface, type RtpengineNode } from "./rtpengine-node.ts";
import { sessionStatistics } from "./session-statistics.ts";

export interface SessionHost {
  /** A living rtpengine that has these interfaces and is not among `tried`. */
  choose(mediaInterfaces: readonly string[], tried: ReadonlySet<RtpengineNode>): RtpengineNode | undefined;
  objectionTo(mediaInterfaces: readonly string[]): SdpObjection | undefined;
  newSessionId(): string;
  onDeleted(): void;
}

interface Place {
  readonly node: RtpengineNode;
  readonly sessionId: string;
  /** Of the side that made the first offer. */
  readonly tag: string;
}

/**
 * One session on one rtpengine. A rtpengine that does not answer the first offer is left, and another one asked; what
 * it may have made of it is deleted when it is back. Afterwards the session stays where its media are.
 *
 *   new ──first offer──▶ placed ──delete()──▶ deleted
 */
export class RtpengineSession implements SdpSession {
  readonly #host: SessionHost;
  #place: Place | undefined;
  #hasAnswer = false;
  #isDeleted = false;

  constructor(host: SessionHost, adopted?: Place) {
    this.#host = host;
    this.#place = adopted;
    this.#hasAnswer = adopted !== undefined;
  }

  get relay(): string | undefined {
    return this.#place?.node.name;
  }

  offer(offer: SdpOffer, done: (relayed: SdpRelayed) => void): void {
    const place = this.#place;
    if (place === undefined) this.#placeFirst(offer, new Set(), done);
    else this.#offerAt(place, offer, (reply) => done(this.#relayed(place.node, reply, offer.to)));
  }

  answer(answer: SdpAnswer, done: (relayed: SdpRelayed) => void): void {
    const place = this.#place;
    const interfaces = place && interfacesOf(place.node, answer);
    if (place === undefined || interfaces === undefined) throw new Error("an answer before an offer");
    this.#hasAnswer = true;
    const parameters = answerParameters({ ...answer, ...interfaces, sessionId: place.sessionId });
    place.node.request("answer", parameters, (reply) => done(this.#relayed(place.node, reply, answer.to)));
  }

  query(done: (state: SessionState) => void): void {
    const place = this.#place;
    if (place === undefined) throw new Error("a query before an offer");
    place.node.request("query", new Map([["call-id", place.sessionId]]), (reply) => {
      if (reply.ok) done({ kind: "alive", statistics: sessionStatistics(reply.reply) });
      else done({ kind: reply.kind === "refused" ? "gone" : "silent" });
    });
  }

  toJournal(): SessionJournal | undefined {
    const place = this.#place;
    return place && { relay: place.node.name, sessionId: place.sessionId, tag: place.tag };
  }

  delete(done: (statistics: SessionStatistics | undefined) => void): void {
    if (this.#isDeleted) throw new Error("a session is deleted once");
    this.#isDeleted = true;
    this.#host.onDeleted();
    const place = this.#place;
    if (place === undefined) {
      done(undefined);
      return;
    }
    const { node, sessionId, tag } = place;
    // With a tag the reply has the statistics.
    const parameters = new Map([...deletionOf(sessionId), ["from-tag", tag] as const]);
    node.request("delete", parameters, (reply) => {
      if (!reply.ok) node.owe(sessionId);
      done(reply.ok ? sessionStatistics(reply.reply) : undefined);
    });
  }

  #placeFirst(offer: SdpOffer, tried: Set<RtpengineNode>, done: (relayed: SdpRelayed) => void): void {
    const wanted = [offer.from.mediaInterface, offer.to.mediaInterface];
    const node = this.#host.choose(wanted, tried);
    if (node === undefined) {
      const none = { kind: "unavailable", text: "no rtpengine answers" } as const;
      done({ ok: false, ...(this.#host.objectionTo(wanted) ?? none) });
      return;
    }
    const place = { node, sessionId: this.#host.newSessionId(), tag: offer.from.tag };
    this.#place = place;
    this.#offerAt(place, offer, (reply) => {
      if (reply.ok || reply.kind === "refused") {
        done(this.#relayed(node, reply, offer.to));
        return;
      }
      node.owe(place.sessionId);
      this.#place = undefined;
      tried.add(node);
      this.#placeFirst(offer, tried, done);
    });
  }

  #offerAt({ node, sessionId }: Place, offer: SdpOffer, done: (reply: NgReply) => void): void {
    const interfaces = interfacesOf(node, offer);
    if (interfaces === undefined) {
      done({ ok: false, kind: "refused", text: `rtpengine ${node.name} lost an interface` });
      return;
    }
    const parameters = offerParameters({ ...offer, ...interfaces, sessionId, isLater: this.#hasAnswer });
    node.request("offer", parameters, done);
  }

  #relayed(node: RtpengineNode, reply: NgReply, to: SdpSide): SdpRelayed {
    if (!reply.ok) {
      const kind = reply.kind === "refused" ? "unacceptable" : "unavailable";
      return { ok: false, kind, text: `rtpengine ${node.name}: ${reply.text}` };
    }
    const sdp = reply.reply.get("sdp");
    if (typeof sdp !== "string") {
      return { ok: false, kind: "unavailable", text: `rtpengine ${node.name} gave no session description` };
    }
    const misplaced = misplacement(sdp, node.interfaceOf(to.mediaInterface));
    if (misplaced === undefined) return { ok: true, sdp };
    return { ok: false, kind: "unavailable", text: `rtpengine ${node.name} ${misplaced}` };
  }
}

function interfacesOf(
  node: RtpengineNode,
  { from, to }: Pick<SdpOffer, "from" | "to">,
): { readonly fromInterface: RtpengineInterface; readonly toInterface: RtpengineInterface } | undefined {
  const fromInterface = node.interfaceOf(from.mediaInterface);
  const toInterface = node.interfaceOf(to.mediaInterface);
  return fromInterface && toInterface && { fromInterface, toInterface };
}

/** rtpengine takes another interface without a word when it has none of that name: media would leave elsewhere. */
function misplacement(sdp: string, wanted: RtpengineInterface | undefined): string | undefined {
  const parsed = parseSdp(sdp);
  if (!parsed.ok) return `gave a session description with a fault: ${parsed.error.text}`;
  for (const { isRejected, connection } of parsed.value.media) {
    if (isRejected || connection?.address === wanted?.address) continue;
    return `put media on ${connection?.address}, not on ${wanted?.address} of interface ${wanted?.name}`;
  }
  return undefined;
}
