import { isUsableCrypto } from "./crypto-attribute.ts";
import type { MediaDescription, SessionDescription } from "./session-description.ts";

/** How media are protected: not, with keys in a=crypto (RFC 4568), or with keys by DTLS (RFC 5763). */
export type MediaProtection = "none" | "sdes" | "dtls";

export interface MediaKeys {
  /** The description without the a=crypto lines that we don't take. */
  readonly text: string;
  /** By index of the media description. `keyless`: its profile says SRTP, but there is no key that we take. */
  readonly protections: readonly (MediaProtection | "keyless" | "rejected")[];
}

/** What protects each media description. The profile counts: keys beside RTP/AVP protect nothing. */
export function mediaKeys(description: SessionDescription): MediaKeys {
  const reader = new KeyReader(description);
  reader.read();
  return {
    text: reader.written + description.text.slice(reader.copied),
    protections: description.media.map((media, index) => reader.protectionOf(media, index)),
  };
}

class KeyReader {
  readonly description: SessionDescription;
  written = "";
  copied = 0;
  private readonly fingerprints: boolean[] = [];
  private readonly cryptos: boolean[] = [];
  private sessionFingerprint = false;

  constructor(description: SessionDescription) {
    this.description = description;
  }

  read(): void {
    const { text, lines } = this.description;
    let index = -1;
    for (const { type, start, end, next } of lines) {
      if (type === "m") index += 1;
      if (type !== "a") continue;
      const value = text.slice(start + 2, end);
      if (value.startsWith("fingerprint:")) this.readFingerprint(index);
      if (!value.startsWith("crypto:")) continue;
      if (index >= 0 && isUsableCrypto(value.slice("crypto:".length))) {
        this.cryptos[index] = true;
        continue;
      }
      this.written += text.slice(this.copied, start);
      this.copied = next;
    }
  }

  protectionOf(media: MediaDescription, index: number): MediaProtection | "keyless" | "rejected" {
    if (media.isRejected) return "rejected";
    const profile = media.protocol.toUpperCase();
    if (!profile.includes("SAVP")) return "none";
    const hasFingerprint = this.sessionFingerprint || this.fingerprints[index] === true;
    if (profile.startsWith("UDP/TLS/")) return hasFingerprint ? "dtls" : "keyless";
    if (this.cryptos[index] === true) return "sdes";
    // As browsers wrote DTLS before RFC 5764's profile.
    return hasFingerprint ? "dtls" : "keyless";
  }

  private readFingerprint(index: number): void {
    if (index < 0) this.sessionFingerprint = true;
    else this.fingerprints[index] = true;
  }
}
