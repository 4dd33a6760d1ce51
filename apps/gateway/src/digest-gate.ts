import { type Clock, SteadyTime } from "@tandem/clock";
import type { DigestAlgorithm, SnapshotSettings } from "@tandem/contracts";
import { type CredentialLookup, DigestServer, type DigestVerdict } from "@tandem/sip/digest";

/** The digest server of this gateway, with the realm and the keys of the snapshot in force. */
export class DigestGate {
  /** Nonces are this process's own, so their age is by no clock that anybody sets: set back, all new ones would look used. */
  readonly #time: SteadyTime;
  readonly #gatewayName: string;
  #realm = "";
  #server: DigestServer | undefined;

  constructor(clock: Clock, gatewayName: string) {
    this.#time = new SteadyTime(clock);
    this.#gatewayName = gatewayName;
  }

  /** Takes new keys; nonces of keys that are gone become stale. Another realm starts afresh. */
  apply(snapshot: SnapshotSettings): void {
    if (this.#server !== undefined && snapshot.realm === this.#realm) {
      this.#server.setKeys(snapshot.nonceKeys);
      return;
    }
    this.#realm = snapshot.realm;
    this.#server = new DigestServer({
      clock: this.#time,
      realm: snapshot.realm,
      gatewayName: this.#gatewayName,
      keys: snapshot.nonceKeys,
    });
  }

  challenge(options: { readonly stale: boolean; readonly algorithm: DigestAlgorithm }): string {
    return this.#active.challenge(options);
  }

  verifyAny(
    credentialsValues: readonly string[],
    method: string,
    requestUri: string,
    lookup: CredentialLookup,
  ): DigestVerdict {
    return this.#active.verifyAny(credentialsValues, method, requestUri, lookup);
  }

  get #active(): DigestServer {
    if (this.#server === undefined) throw new Error("digest was used before the first snapshot");
    return this.#server;
  }
}
