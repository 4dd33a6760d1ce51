import { type MediaRelay, objectionToRemote, type RelayEndpoint } from "@tandem/media";
import { type Reason, reasons } from "@tandem/reasons";
import { eventTypesOf, isHeld, type MediaDescription, remoteOf, type SessionDescription } from "@tandem/sdp";
import { LegMedia } from "./leg-media.ts";
import type { LegMediaOptions, Side } from "./media-anchor.ts";

/** The two legs of a call's media: what stands on one of them stands on the other, and is joined with it. */
export class MediaLegs {
  ingress: LegMedia;
  egress: LegMedia | undefined = undefined;
  readonly #relay: MediaRelay;
  /** Media descriptions for which the pending offer opened endpoints; all of them before the first answer. */
  #opened: number[] = [];

  constructor(relay: MediaRelay, ingress: LegMediaOptions) {
    this.#relay = relay;
    this.ingress = new LegMedia(ingress);
  }

  /** @throws Error when there is no egress leg yet */
  of(side: Side): LegMedia {
    if (side === "ingress") return this.ingress;
    if (this.egress === undefined) throw new Error("media of the egress leg used before an attempt");
    return this.egress;
  }

  /** Endpoints on both legs for every media description that is wanted. */
  openFor(description: SessionDescription): Reason | undefined {
    for (let index = 0; index < description.media.length; index += 1) {
      const media = description.media[index] as MediaDescription;
      if (media.isRejected) continue;
      if (this.ingress.endpoints[index] === undefined) this.#opened.push(index);
      const isOpen =
        this.ingress.open(this.#relay, index, media.flowKind) &&
        this.of("egress").open(this.#relay, index, media.flowKind);
      if (!isOpen) return reasons.noMediaPorts;
    }
    return undefined;
  }

  /** Why media must not be sent where a side wants it. */
  objectionTo(side: Side, description: SessionDescription): string | undefined {
    const { endpoints } = this.of(side);
    for (let index = 0; index < description.media.length; index += 1) {
      const media = description.media[index] as MediaDescription;
      const endpoint = endpoints[index];
      const remote = remoteOf(media);
      if (endpoint === undefined || remote === undefined) continue;
      const objection = objectionToRemote(this.#relay, endpoint, remote);
      if (objection !== undefined) return objection;
    }
    return undefined;
  }

  /** Those that were opened before it was known that their media are out of reach. */
  closeUnwanted({ media }: SessionDescription): void {
    const unwanted = this.#opened.filter((index) => media[index]?.isRejected === true);
    for (const index of unwanted) this.closeAt(index);
    this.#opened = this.#opened.filter((index) => !unwanted.includes(index));
  }

  /** What the pending offer has opened goes again. */
  closeOpened(): void {
    for (const index of this.#opened) this.closeAt(index);
    this.#opened.length = 0;
  }

  /** What the pending offer has opened stays. */
  keepOpened(): void {
    this.#opened.length = 0;
  }

  closeAt(index: number): void {
    this.ingress.closeAt(index);
    this.egress?.closeAt(index);
  }

  /** What a description of that side says about its media is done from now on. */
  applyRemotes(side: Side, description: SessionDescription): void {
    const leg = this.of(side);
    for (let index = 0; index < description.media.length; index += 1) {
      const media = description.media[index] as MediaDescription;
      const endpoint = leg.endpoints[index];
      if (endpoint === undefined || media.isRejected) continue;
      endpoint.setKind(media.flowKind);
      endpoint.setRemote(remoteOf(media));
      endpoint.setEventTypes(eventTypesOf(media));
      endpoint.setHeld(isHeld(media));
    }
  }

  joinAll(): void {
    const egress = this.of("egress");
    const { endpoints } = this.ingress;
    for (let index = 0; index < endpoints.length; index += 1) {
      const endpoint = endpoints[index];
      const partner = egress.endpoints[index];
      if (endpoint !== undefined && partner !== undefined) this.#relay.join(endpoint, partner);
    }
  }

  *endpoints(): Generator<RelayEndpoint> {
    for (const endpoint of this.ingress.endpoints) if (endpoint !== undefined) yield endpoint;
    for (const endpoint of this.egress?.endpoints ?? []) if (endpoint !== undefined) yield endpoint;
  }
}
