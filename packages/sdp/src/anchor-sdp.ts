import type { MediaDescription, SdpLine, SessionDescription } from "./session-description.ts";

/** What of ours stands in the description that leaves. */
export interface AnchorOptions {
  /** Our media address, advertised form; IPv4 or IPv6. */
  readonly address: string;
  /** Stays the same for all descriptions of one leg. */
  readonly sessionId: string;
  /** Grows by one with each changed description (RFC 3264 §8). */
  readonly sessionVersion: number;
  /** Ports by index of the media description; undefined rejects that one. */
  readonly ports: readonly (AnchorPorts | undefined)[];
}

/** Ports of one relay endpoint. */
export interface AnchorPorts {
  readonly rtp: number;
  readonly rtcp: number;
}

/**
 * The same description with our addresses. Ours are o=, c= (but for the unspecified address, which is hold), the port of
 * m= (its port count goes: one pair is relayed) and a=rtcp; ICE attributes, a=rtcp-mux and bundles are left out. Every other line
 * stays byte for byte, line breaks included. A rejected media description stays rejected.
 */
export function anchorSdp(description: SessionDescription, options: AnchorOptions): string {
  return new Anchoring(description, options).run();
}

/** An answer that rejects every media description of the offer (RFC 3264 §6). */
export function rejectAll(description: SessionDescription, options: Omit<AnchorOptions, "ports">): string {
  return anchorSdp(description, { ...options, ports: [] });
}

class Anchoring {
  readonly description: SessionDescription;
  readonly options: AnchorOptions;
  /** `IN IP4 address`, as c=, o= and a=rtcp write it. */
  readonly networkAddress: string;
  /** Joined at the end: a text that was added up would stay a tree of its parts as long as somebody keeps it. */
  readonly written: string[] = [];
  /** Everything before this offset of the text has been dealt with. */
  copied = 0;
  mediaIndex = -1;

  constructor(description: SessionDescription, options: AnchorOptions) {
    this.description = description;
    this.options = options;
    this.networkAddress = `IN ${options.address.includes(":") ? "IP6" : "IP4"} ${options.address}`;
  }

  run(): string {
    const { text, lines } = this.description;
    for (let i = 0; i < lines.length; i += 1) {
      const line = lines[i];
      if (line !== undefined && line.role !== "kept") this.rewrite(line);
    }
    this.replace(text.length, text.length, "");
    this.addRtcp();
    return this.written.join("");
  }

  private rewrite(line: SdpLine): void {
    const { sessionId, sessionVersion } = this.options;
    switch (line.role) {
      case "origin":
        this.replace(line.start, line.end, `o=- ${sessionId} ${sessionVersion} ${this.networkAddress}`);
        break;
      case "connection":
        this.replace(line.start, line.end, `c=${this.networkAddress}`);
        break;
      case "media":
        this.rewriteMedia(line);
        break;
      case "rtcp":
        this.rewriteRtcp(line);
        break;
      case "removed":
        this.replace(line.start, line.next, "");
        break;
      case "kept":
        break;
    }
  }

  private rewriteMedia(line: SdpLine): void {
    this.replace(line.start, line.start, "");
    this.addRtcp();
    this.mediaIndex += 1;
    const media = this.description.media[this.mediaIndex];
    if (media !== undefined) this.replace(media.portStart, media.portEnd, `${this.ports(media)?.rtp ?? 0}`);
  }

  /** In the form in which it was written: with an address only where there was one. */
  private rewriteRtcp(line: SdpLine): void {
    const media = this.description.media[this.mediaIndex];
    const ports = media && this.ports(media);
    if (media === undefined || ports === undefined) {
      this.replace(line.start, line.next, "");
      return;
    }
    const address = media.rtcp?.address === undefined ? "" : ` ${this.networkAddress}`;
    this.replace(line.start, line.end, `a=rtcp:${ports.rtcp}${address}`);
  }

  /** Ends the media description before this point with a=rtcp when our RTCP port is not the one RFC 3550 §11 expects. */
  private addRtcp(): void {
    const media = this.description.media[this.mediaIndex];
    const ports = media && this.ports(media);
    if (media === undefined || ports === undefined || media.flowKind !== "rtp") return;
    if (media.rtcp !== undefined || ports.rtcp === ports.rtp + 1) return;
    if (this.written.at(-1)?.endsWith("\n") === false) this.written.push("\r\n");
    this.written.push(`a=rtcp:${ports.rtcp}\r\n`);
  }

  private ports(media: MediaDescription): AnchorPorts | undefined {
    return media.isRejected ? undefined : this.options.ports[this.mediaIndex];
  }

  private replace(start: number, end: number, replacement: string): void {
    const before = this.description.text.slice(this.copied, start);
    if (before !== "") this.written.push(before);
    if (replacement !== "") this.written.push(replacement);
    this.copied = end;
  }
}
