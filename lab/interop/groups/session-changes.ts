import assert from "node:assert/strict";
import { type Group, shortTimers } from "../group.ts";
import { audio, fax } from "../sipp/bodies.ts";
import { Callee } from "../sipp/callee.ts";
import { requestsReceived, responsesReceived } from "../sipp/message-trace.ts";
import { maybe, pause, receiveRequest, receiveResponse, type Step } from "../sipp/script.ts";
import type { Stage } from "../stage.ts";

const callee = new Callee();

/** Offers of one side and what the other says to each: a description, or a refusal. */
type Change = {
  readonly offer: string;
  readonly answer: string | { readonly statusCode: number; readonly reasonPhrase: string };
};

const hold: readonly Change[] = [
  {
    offer: audio({ version: 2, direction: "sendonly" }),
    answer: audio({ version: 2, direction: "recvonly" }),
  },
  { offer: audio({ version: 3 }), answer: audio({ version: 3 }) },
];
const faxAccepted: readonly Change[] = [{ offer: fax(), answer: fax() }];
const faxRefused: readonly Change[] = [
  { offer: fax(), answer: { statusCode: 488, reasonPhrase: "Not Acceptable Here" } },
  { offer: audio({ version: 3 }), answer: audio({ version: 3 }) },
];

/** The re-INVITEs that the called side receives or sends, with the offers and answers that passed the gateway. */
interface Seen {
  readonly offers: readonly string[];
  readonly answers: readonly string[];
}

/** A call in which one side changes the session; afterwards the caller hangs up. */
async function change(stage: Stage, by: "caller" | "callee", changes: readonly Change[]): Promise<Seen> {
  const number = stage.number();
  const lines = stage.customerLines(number);
  const callersPart: Step[] = [];
  const calleesPart: Step[] = [];
  changes.forEach(({ offer, answer }, index) => {
    const isCallers = by === "caller";
    // The caller's INVITE was 1; the callee has sent none.
    const sequenceNumber = index + (isCallers ? 2 : 1);
    const [asking, asked] = isCallers ? [callersPart, calleesPart] : [calleesPart, callersPart];
    const [asker, other] = isCallers ? [lines, callee] : [callee, lines];
    asking.push(pause(300), asker.reinvite(sequenceNumber, offer), maybe(100));
    asked.push(receiveRequest("INVITE"));
    if (typeof answer === "string") {
      asking.push(receiveResponse(200), asker.ack(sequenceNumber));
      asked.push(other.ok(answer));
    } else {
      asking.push(receiveResponse(answer.statusCode), asker.ackReinviteFailure(sequenceNumber));
      asked.push(
        isCallers
          ? callee.refuseInDialog(answer.statusCode, answer.reasonPhrase)
          : lines.refuse(answer.statusCode, answer.reasonPhrase),
      );
    }
    asked.push(receiveRequest("ACK"));
  });
  const carrier = stage.carrier([...callee.establish(), ...calleesPart, ...callee.hungUp()]);
  await stage.provisionCarrier({ gateways: [carrier.uri], prefix: number });
  const customer = stage.customer([
    ...lines.establish(),
    ...callersPart,
    pause(600),
    ...lines.hangUp(by === "caller" ? changes.length + 2 : 2),
  ]);
  await customer.finish();
  await carrier.finish();
  const record = await stage.record(number);
  assert.equal(record.status, "completed");
  assert.equal(record.releasedBy, "caller");
  const [asking, asked] = by === "caller" ? [customer, carrier] : [carrier, customer];
  const invites = requestsReceived(asked.trace, "INVITE").filter((request) => request.toTag !== "");
  const answers = responsesReceived(asking.trace, "INVITE", 200).filter((response) => response.body !== "");
  return {
    offers: invites.map((request) => request.body),
    answers: answers.slice(by === "caller" ? 1 : 0).map((response) => response.body),
  };
}

function playHold(by: "caller" | "callee") {
  return async (stage: Stage): Promise<void> => {
    const { customerAddress, carrierAddress } = stage.exchange;
    const { offers, answers } = await change(stage, by, hold);
    const [offerAddress, answerAddress] =
      by === "caller" ? [carrierAddress, customerAddress] : [customerAddress, carrierAddress];
    assert.equal(offers.length, 2);
    assert.equal(answers.length, 2);
    for (const offer of offers) assert.match(offer, new RegExp(`^c=IN IP4 ${offerAddress}\r$`, "m"));
    for (const answer of answers) assert.match(answer, new RegExp(`^c=IN IP4 ${answerAddress}\r$`, "m"));
    assert.match(offers[0] ?? "", /^a=sendonly\r$/m);
    assert.match(answers[0] ?? "", /^a=recvonly\r$/m);
    assert.match(offers[1] ?? "", /^a=sendrecv\r$/m);
    assert.match(answers[1] ?? "", /^a=sendrecv\r$/m);
    // The relay's ports stay; the version of its description grows (RFC 3264 §8).
    assert.equal(portOf(offers[0], "audio"), portOf(offers[1], "audio"));
    assert.equal(versionOf(offers[1]), versionOf(offers[0]) + 1);
  };
}

function playFax(by: "caller" | "callee") {
  return async (stage: Stage): Promise<void> => {
    const { offers, answers } = await change(stage, by, faxAccepted);
    assert.match(offers[0] ?? "", /^m=image [1-9]\d* udptl t38\r$/m);
    assert.match(offers[0] ?? "", /^a=T38FaxUdpEC:t38UDPRedundancy\r$/m);
    assert.match(answers[0] ?? "", /^m=image [1-9]\d* udptl t38\r$/m);
    assert.notEqual(portOf(offers[0], "image"), "6100");
    assert.notEqual(portOf(answers[0], "image"), "6100");
  };
}

function playRefusedFax(by: "caller" | "callee") {
  return async (stage: Stage): Promise<void> => {
    const { offers, answers } = await change(stage, by, faxRefused);
    assert.equal(offers.length, 2);
    assert.equal(answers.length, 1);
    assert.match(answers[0] ?? "", /^m=audio [1-9]\d* RTP\/AVP 0 8 101\r$/m);
  };
}

function portOf(sdp: string | undefined, media: string): string | undefined {
  return new RegExp(`^m=${media} (\\d+)`, "m").exec(sdp ?? "")?.[1];
}

function versionOf(sdp: string | undefined): number {
  return Number(/^o=\S+ \d+ (\d+)/m.exec(sdp ?? "")?.[1]);
}

export const sessionChanges: Group = {
  name: "session-changes",
  peers: ["sipp"],
  stage: { network: 82, exchange: { gateway: { timers: shortTimers } } },
  concurrency: 4,
  scenarios: [
    {
      name: "hold-by-caller",
      sentence: "the caller holds and resumes with re-INVITEs",
      play: playHold("caller"),
    },
    {
      name: "hold-by-callee",
      sentence: "the callee holds and resumes with re-INVITEs",
      play: playHold("callee"),
    },
    {
      name: "fax-by-caller",
      sentence: "a re-INVITE of the caller to T.38 is relayed and accepted",
      play: playFax("caller"),
    },
    {
      name: "fax-by-callee",
      sentence: "a re-INVITE of the callee to T.38 is relayed and accepted",
      play: playFax("callee"),
    },
    {
      name: "fax-of-caller-refused",
      sentence:
        "a re-INVITE of the caller to T.38 that gets 488 leaves the call up, and it goes on with audio",
      play: playRefusedFax("caller"),
    },
    {
      name: "fax-of-callee-refused",
      sentence:
        "a re-INVITE of the callee to T.38 that gets 488 leaves the call up, and it goes on with audio",
      play: playRefusedFax("callee"),
    },
  ],
};
