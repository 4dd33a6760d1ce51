import { createSocket, type Socket } from "node:dgram";

const challenge = 'Digest realm="carrier.test", nonce="n1", algorithm=MD5, qop="auth"';

/** A carrier that challenges every request and then refuses it; it keeps the answers to its challenges. */
export class ChallengingPeer {
  /** Method of the request and `response` of its Authorization field, in order. */
  readonly responses: { readonly method: string; readonly response: string }[] = [];
  readonly #socket: Socket;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on("message", (datagram, from) => {
      const answer = this.#answer(datagram.toString("latin1"));
      if (answer !== undefined) socket.send(Buffer.from(answer, "latin1"), from.port, from.address);
    });
  }

  static open(address: string): Promise<ChallengingPeer> {
    const socket = createSocket("udp4");
    return new Promise((resolve, reject) => {
      socket.once("error", reject);
      socket.bind(0, address, () => resolve(new ChallengingPeer(socket)));
    });
  }

  get port(): number {
    return this.#socket.address().port;
  }

  close(): void {
    this.#socket.close();
  }

  #answer(request: string): string | undefined {
    if (request.startsWith("ACK") || request.startsWith("SIP/2.0")) return undefined;
    const response = /^(?:Proxy-)?Authorization:.*response="([0-9a-f]{32})"/im.exec(request)?.[1];
    if (response === undefined)
      return answerTo(request, "401 Unauthorized", [`WWW-Authenticate: ${challenge}`]);
    this.responses.push({ method: request.slice(0, request.indexOf(" ")), response });
    return answerTo(request, "403 Forbidden", []);
  }
}

/** RFC 3261 §8.2.6.2: the header fields that go back as they came. */
function answerTo(request: string, status: string, fields: readonly string[]): string {
  const rows = request.split("\r\n").filter((row) => /^(via|from|call-id|cseq):/i.test(row));
  const to = request.split("\r\n").find((row) => /^to:/i.test(row));
  const lines = [`SIP/2.0 ${status}`, ...rows, `${to};tag=peer`, ...fields, "Content-Length: 0", "", ""];
  return lines.join("\r\n");
}
