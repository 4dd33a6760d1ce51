import { audio } from "./bodies.ts";
import { content } from "./caller.ts";
import { receiveInvite, receiveRequest, receiveResponse, type Step, send, sendReliably } from "./script.ts";

/** The lines of a SIPp peer that is called. */
export class Callee {
  readonly tag = "[pid]u[call_number]";

  provisional(statusCode: number, reasonPhrase: string, body = ""): Step {
    return send(this.#response(statusCode, reasonPhrase, [], body));
  }

  trying(): Step {
    return send(`SIP/2.0 100 Trying
[last_Via:]
[last_From:]
[last_To:]
[last_Call-ID:]
[last_CSeq:]
Content-Length: 0`);
  }

  ringing(): Step {
    return this.provisional(180, "Ringing");
  }

  /** 200 to the INVITE that began the call. */
  answer(body: string = audio()): Step {
    return sendReliably(this.#response(200, "OK", [], body));
  }

  /** A final response to the INVITE that began the call, and its ACK. */
  refuse(statusCode: number, reasonPhrase: string, headerFields: readonly string[] = []): readonly Step[] {
    return [
      receiveInvite(),
      sendReliably(this.#failure(statusCode, reasonPhrase, headerFields)),
      receiveRequest("ACK"),
    ];
  }

  /** 487 after a CANCEL: Via, To and CSeq are the INVITE's again. */
  cancelled(): Step {
    return sendReliably(`SIP/2.0 487 Request Terminated
[$via]
[last_From:]
[last_To:];tag=${this.tag}
[last_Call-ID:]
CSeq: [$sequence] INVITE
Content-Length: 0`);
  }

  /** 200 inside the dialog. */
  ok(body = ""): Step {
    const message = this.#inDialogResponse(200, "OK", body);
    return body === "" ? send(message) : sendReliably(message);
  }

  refuseInDialog(statusCode: number, reasonPhrase: string): Step {
    return sendReliably(this.#inDialogResponse(statusCode, reasonPhrase, ""));
  }

  bye(sequenceNumber = 1): Step {
    return sendReliably(this.#request("BYE", sequenceNumber, ""));
  }

  reinvite(sequenceNumber: number, body: string): Step {
    return sendReliably(this.#request("INVITE", sequenceNumber, body));
  }

  ack(sequenceNumber: number, body = ""): Step {
    return send(this.#request("ACK", sequenceNumber, body));
  }

  ackReinviteFailure(sequenceNumber: number): Step {
    return send(this.#request("ACK", sequenceNumber, "", `INVITE${sequenceNumber}`));
  }

  /** Rings, answers, has the ACK. */
  establish(body: string = audio()): readonly Step[] {
    return [receiveInvite(), this.ringing(), this.answer(body), receiveRequest("ACK")];
  }

  /** The other side hangs up. */
  hungUp(): readonly Step[] {
    return [receiveRequest("BYE"), this.ok()];
  }

  hangUp(sequenceNumber = 1): readonly Step[] {
    return [this.bye(sequenceNumber), receiveResponse(200)];
  }

  #response(statusCode: number, reasonPhrase: string, headerFields: readonly string[], body: string): string {
    return `SIP/2.0 ${statusCode} ${reasonPhrase}
[last_Via:]
[last_Record-Route:]
[last_From:]
[last_To:];tag=${this.tag}
[last_Call-ID:]
[last_CSeq:]
Contact: <sip:carrier@[local_ip]:[local_port];transport=[transport]>
${headerFields.map((field) => `${field}\n`).join("")}${content(body)}`;
  }

  #failure(statusCode: number, reasonPhrase: string, headerFields: readonly string[]): string {
    return `SIP/2.0 ${statusCode} ${reasonPhrase}
[last_Via:]
[last_From:]
[last_To:];tag=${this.tag}
[last_Call-ID:]
[last_CSeq:]
${headerFields.map((field) => `${field}\n`).join("")}Content-Length: 0`;
  }

  #inDialogResponse(statusCode: number, reasonPhrase: string, body: string): string {
    return `SIP/2.0 ${statusCode} ${reasonPhrase}
[last_Via:]
[last_From:]
[last_To:]
[last_Call-ID:]
[last_CSeq:]
Contact: <sip:carrier@[local_ip]:[local_port];transport=[transport]>
${content(body)}`;
  }

  #request(
    method: string,
    sequenceNumber: number,
    body: string,
    branch = `${method}${sequenceNumber}`,
  ): string {
    return `${method} [next_url] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=z9hG4bK[pid]u[call_number]${branch}
[routes]
From: [$callee];tag=${this.tag}
To: [$caller]
Call-ID: [call_id]
CSeq: ${sequenceNumber} ${method}
Contact: <sip:carrier@[local_ip]:[local_port];transport=[transport]>
Max-Forwards: 70
${content(body)}`;
  }
}
