import { type Clock, SystemClock } from "@tandem/clock";
import { DigestServer, ha1 } from "@tandem/sip/digest";
import { createResponse, type SipRequest } from "@tandem/sip/message";
import { type ServerTransaction, TransactionLayer } from "@tandem/sip/transaction";
import { TransportLayer } from "@tandem/sip/transport";

/** A registrar on loopback, made of our own stack: one user, digest, and the bindings it was asked for. */
export class Registrar {
  readonly clock: Clock = new SystemClock();
  readonly transport: TransportLayer;
  /** `contact expires` of each accepted REGISTER, in order. */
  readonly bindings: string[] = [];
  readonly #digest: DigestServer;
  readonly #password: string;

  constructor(password: string) {
    this.#password = password;
    const interfaces = [
      { name: "one", localAddress: "127.0.0.1", advertisedAddress: "127.0.0.1", udpPort: 0 },
    ];
    this.transport = new TransportLayer({ clock: this.clock, interfaces });
    this.#digest = new DigestServer({
      clock: this.clock,
      realm: "carrier.example",
      gatewayName: "registrar",
      keys: [{ id: 1, secret: "22".repeat(32) }],
    });
    const layer = new TransactionLayer({
      clock: this.clock,
      sink: this.transport,
      user: {
        onRequest: (request, transaction) => this.#onRequest(request, transaction),
        onAck: () => {},
        onCancel: () => {},
        onStrayResponse: () => {},
      },
    });
    this.transport.setReceiver({ onMessage: (text, flow) => layer.receive(text, flow, "datagram") });
  }

  get port(): number {
    return this.transport.sentBy("one", "UDP").port;
  }

  async close(): Promise<void> {
    await this.transport.close();
    (this.clock as SystemClock).close();
  }

  #onRequest(request: SipRequest, transaction: ServerTransaction): void {
    const algorithm = "MD5" as const;
    const secret = ha1("trunk7", "carrier.example", this.#password, algorithm);
    const rows = request.values("Authorization");
    const verdict = this.#digest.verifyAny(rows, request.method, request.requestUri, () => [
      { ha1: secret, algorithm },
    ]);
    const { remoteAddress: address, remotePort: port } = transaction.flow;
    const options = { toTag: "registrar", receivedFrom: { address, port } };
    if (verdict.kind !== "accepted") {
      const isStale = verdict.kind === "stale";
      const refused = createResponse(request, 401, options);
      refused.headerFields.append("WWW-Authenticate", this.#digest.challenge({ stale: isStale, algorithm }));
      transaction.respond(refused);
      return;
    }
    const contact = request.value("Contact") ?? "";
    const expires = request.value("Expires") ?? "";
    this.bindings.push(`${contact} ${expires}`);
    const accepted = createResponse(request, 200, options);
    if (expires !== "0") accepted.headerFields.append("Contact", `${contact};expires=${expires}`);
    transaction.respond(accepted);
  }
}
