import assert from "node:assert/strict";
import { test } from "node:test";
import { flow, target } from "./flow-double.ts";
import { parsedRequest, parsedResponse, request, responseTo } from "./message-text.ts";
import { clientOverUdp, outgoing, serverScript } from "./transaction-script.ts";
import { response, WireDouble } from "./wire-double.ts";

const ignore = (): void => {};

test("expect takes what was sent in order, by method or status code, and fails otherwise", () => {
  const wire = new WireDouble();
  assert.throws(() => wire.expect("INVITE"), /there was nothing/);
  wire.sendTo(target(), request("INVITE"), ignore);
  wire.sendOn(flow(), responseTo(request("INVITE"), 200), ignore);
  assert.throws(() => wire.expectNothing());
  assert.equal(wire.expect("INVITE"), request("INVITE"));
  assert.throws(() => wire.expect(486), /expected 486/);
  wire.sendTo(target(), request("BYE"), ignore);
  assert.throws(() => wire.expect("INVITE"), /expected INVITE on the wire, not\nBYE/);
  wire.expectNothing();
});

test("inject answers the last request, not ACK or CANCEL, with what the script says", () => {
  const wire = new WireDouble();
  const taken: string[] = [];
  assert.throws(() => wire.inject("x"), /nobody is attached/);
  wire.attach((text) => taken.push(text));
  assert.throws(() => wire.inject(response(200)), /no request/);
  for (const method of ["OPTIONS", "INVITE", "ACK", "CANCEL"]) wire.sendTo(target(), request(method), ignore);
  wire.inject(response(180, { toTag: "x", headerFields: [["Server", "peer"]] }));
  const ringing = parsedResponse(taken[0] ?? "");
  assert.equal(ringing.value("CSeq"), "1 INVITE");
  assert.equal(ringing.toTag, "x");
  assert.equal(ringing.value("Server"), "peer");
  assert.equal(ringing.value("Contact"), "<sip:bob@192.0.2.1:5060>");
  wire.inject(response(100));
  assert.equal(parsedResponse(taken[1] ?? "").toTag, "");
});

test("a request text has what its parts say", () => {
  const invite = parsedRequest(
    request("INVITE", { headerFields: [["Subject", "hello"]], body: "v=0", toTag: "t" }),
  );
  assert.equal(invite.value("Subject"), "hello");
  assert.equal(invite.body, "v=0");
  assert.equal(invite.toTag, "t");
  assert.equal(parsedRequest(request("BYE", { branch: "" })).value("Via"), "SIP/2.0/UDP 192.0.2.1:5060");
});

test("the user double keeps what it hears in order and fails on anything else", () => {
  const { tu, wire } = clientOverUdp();
  tu.send(outgoing("INVITE"));
  wire.inject(response(180));
  assert.throws(() => tu.expectNothing());
  assert.throws(() => tu.expect(200));
  wire.inject(response(180));
  tu.expect(180);
  assert.throws(() => tu.expectTerminated());
  const server = serverScript("OPTIONS", { protocol: "TLS" });
  assert.equal(server.transaction.flow.isSecure, true);
});
