import assert from "node:assert/strict";
import { test } from "node:test";
import { type OutgoingRequest, serialize } from "../message/index.ts";
import {
  outgoing,
  parsedRequest,
  parsedResponse,
  type RequestParts,
  type ResponseParts,
  request,
  responseTo,
} from "../testing/index.ts";
import { Dialog, dialogKey } from "./dialog.ts";

const insecure = { isSecure: false };

/** An INVITE of the peer and the dialog that we, the UAS, make of it. */
function uas(parts: RequestParts = {}, flow = insecure): Dialog {
  const invite = parsedRequest(request("INVITE", parts));
  const dialog = Dialog.fromRequest(invite, {
    localTag: "ours",
    localContact: "<sip:198.51.100.1:5060>",
    flow,
  });
  assert.ok(dialog.ok);
  return dialog.value;
}

/** Our INVITE, a response of the peer, and the dialog that we, the UAC, make of them. */
function uac(
  statusCode: number,
  parts: ResponseParts = {},
  invite: OutgoingRequest = outgoing("INVITE"),
): Dialog {
  const dialog = Dialog.fromResponse(invite, responded(invite, statusCode, parts));
  assert.ok(dialog.ok);
  return dialog.value;
}

function responded(invite: OutgoingRequest, statusCode: number, parts: ResponseParts = {}) {
  const vias = parts.vias ?? ["SIP/2.0/UDP 198.51.100.1:5060;branch=z9hG4bKours"];
  return parsedResponse(responseTo(serialize(invite), statusCode, { ...parts, vias }));
}

function recordRoutes(...values: string[]): [name: string, value: string][] {
  return values.map((value) => ["Record-Route", value]);
}

const near = "<sip:near.example.com;lr>";
const middle = "<sip:middle.example.com:5070;transport=tcp;lr>";
const far = "<sip:far.example.com;lr>";

test("UAS (RFC 3261 §12.1.1): tags, URIs, target and numbers", () => {
  const dialog = uas({
    from: '"Alice <x>" <sip:alice@example.com>;purpose=test',
    to: "Bob <sip:bob@example.com>",
    contact: "Alice <sip:alice@192.0.2.1:5070;transport=tcp>;expires=60",
    sequenceNumber: 314,
  });
  assert.deepEqual(dialog.toJournal(), {
    callId: "call-1",
    localTag: "ours",
    remoteTag: "alice-tag",
    localUri: "Bob <sip:bob@example.com>",
    remoteUri: '"Alice <x>" <sip:alice@example.com>;purpose=test',
    localContact: "<sip:198.51.100.1:5060>",
    remoteTarget: "sip:alice@192.0.2.1:5070;transport=tcp",
    routeSet: [],
    localSequenceNumber: 0,
    remoteSequenceNumber: 314,
    state: "early",
    role: "uas",
    isSecure: false,
  });
  assert.equal(dialog.key, dialogKey("call-1", "ours", "alice-tag"));
});

test("UAC (§12.1.2): tags, URIs, target and numbers", () => {
  const dialog = uac(180, { toTag: "bob", contact: "<sip:bob@192.0.2.1:5062>" });
  assert.deepEqual(dialog.toJournal(), {
    callId: "our-call",
    localTag: "our-tag",
    remoteTag: "bob",
    localUri: "<sip:gateway@example.com>",
    remoteUri: "<sip:bob@example.com>",
    localContact: "<sip:198.51.100.1:5060>",
    remoteTarget: "sip:bob@192.0.2.1:5062",
    routeSet: [],
    localSequenceNumber: 7,
    remoteSequenceNumber: null,
    state: "early",
    role: "uac",
    isSecure: false,
  });
  assert.equal(uac(200).state, "confirmed");
});

test("route set of the UAS: Record-Route in order, comma lists and several rows alike (§12.1.1)", () => {
  const dialog = uas({ headerFields: recordRoutes(`${near}, ${middle}`, far) });
  assert.deepEqual(dialog.routeSet, [near, middle, far]);
  const bye = dialog.createRequest("BYE");
  assert.deepEqual(bye.headerFields.values("Route"), [near, middle, far]);
  assert.equal(bye.requestUri, "sip:alice@192.0.2.1:5060");
  assert.equal(dialog.nextHop(), "sip:near.example.com;lr");
});

test("route set of the UAC: Record-Route reversed, comma lists and several rows alike (§12.1.2)", () => {
  const dialog = uac(200, { headerFields: recordRoutes(`${far}, ${middle}`, near) });
  assert.deepEqual(dialog.routeSet, [near, middle, far]);
  const ack = dialog.createRequest("ACK", { sequenceNumber: 7 });
  assert.deepEqual(ack.headerFields.values("Route"), [near, middle, far]);
  assert.equal(ack.requestUri, "sip:bob@192.0.2.1:5060");
  assert.equal(dialog.nextHop(), "sip:near.example.com;lr");
});

test("both ends of one path walk it in opposite directions", () => {
  const invite = outgoing("INVITE");
  const path = recordRoutes("<sip:p2.example.com;lr>", "<sip:p1.example.com;lr>");
  const caller = uac(200, { headerFields: path }, invite);
  const callee = uas({ headerFields: path });
  assert.deepEqual(caller.routeSet, ["<sip:p1.example.com;lr>", "<sip:p2.example.com;lr>"]);
  assert.deepEqual(callee.routeSet, ["<sip:p2.example.com;lr>", "<sip:p1.example.com;lr>"]);
});

test("without a route set requests go to the remote target", () => {
  const dialog = uas();
  assert.equal(dialog.nextHop(), "sip:alice@192.0.2.1:5060");
  const bye = dialog.createRequest("BYE");
  assert.equal(bye.requestUri, "sip:alice@192.0.2.1:5060");
  assert.equal(bye.headerFields.has("Route"), false);
});

test("a strict router becomes the Request-URI, the remote target goes last (§12.2.1.1)", () => {
  const strict = "<sip:strict.example.com;method=INVITE?Subject=x>";
  const dialog = uas({ headerFields: recordRoutes(strict, far) });
  const bye = dialog.createRequest("BYE");
  assert.equal(bye.requestUri, "sip:strict.example.com");
  assert.deepEqual(bye.headerFields.values("Route"), [far, "<sip:alice@192.0.2.1:5060>"]);
  assert.equal(dialog.nextHop(), "sip:strict.example.com;method=INVITE?Subject=x");
  const alone = uas({ headerFields: recordRoutes("<sip:strict.example.com>") }).createRequest("BYE");
  assert.equal(alone.requestUri, "sip:strict.example.com");
  assert.deepEqual(alone.headerFields.values("Route"), ["<sip:alice@192.0.2.1:5060>"]);
});

test("a strict router behind a loose one is an ordinary Route", () => {
  const dialog = uas({ headerFields: recordRoutes(near, "<sip:strict.example.com>") });
  const bye = dialog.createRequest("BYE");
  assert.equal(bye.requestUri, "sip:alice@192.0.2.1:5060");
  assert.deepEqual(bye.headerFields.values("Route"), [near, "<sip:strict.example.com>"]);
});

test("lr counts with a value too, and in any case", () => {
  for (const route of ["<sip:p.example.com;lr=on>", "<sip:p.example.com;LR>"]) {
    assert.equal(
      uas({ headerFields: recordRoutes(route) }).createRequest("BYE").requestUri,
      "sip:alice@192.0.2.1:5060",
    );
  }
});

test("a request within the dialog, as text", () => {
  const dialog = uas({ from: "<sip:alice@example.com>;x=1" });
  assert.equal(
    serialize(dialog.createRequest("BYE")),
    [
      "BYE sip:alice@192.0.2.1:5060 SIP/2.0",
      "From: <sip:bob@example.com>;tag=ours",
      "To: <sip:alice@example.com>;x=1;tag=alice-tag",
      "Call-ID: call-1",
      "CSeq: 1 BYE",
      "Content-Length: 0",
      "",
      "",
    ].join("\r\n"),
  );
});

test("the local sequence number grows by one per request, but not for ACK nor when one is given", () => {
  const dialog = uac(200);
  const cseq = (method: string, options = {}) =>
    dialog.createRequest(method, options).headerFields.value("CSeq");
  assert.equal(cseq("ACK"), "7 ACK");
  assert.equal(cseq("ACK", { sequenceNumber: 7 }), "7 ACK");
  assert.equal(cseq("INFO"), "8 INFO");
  assert.equal(cseq("INVITE"), "9 INVITE");
  assert.equal(cseq("BYE"), "10 BYE");
  assert.equal(cseq("ACK", { sequenceNumber: 9 }), "9 ACK");
  assert.equal(cseq("CANCEL", { sequenceNumber: 9 }), "9 CANCEL");
  assert.equal(dialog.localSequenceNumber, 10);
});

test("Contact stands in target refresh requests, or where it is asked for", () => {
  const dialog = uas();
  const contact = (method: string, options = {}) =>
    dialog.createRequest(method, options).headerFields.value("Contact");
  assert.equal(contact("INVITE"), "<sip:198.51.100.1:5060>");
  assert.equal(contact("UPDATE"), "<sip:198.51.100.1:5060>");
  assert.equal(contact("INVITE", { contact: "<sip:new@198.51.100.1>" }), "<sip:new@198.51.100.1>");
  assert.equal(contact("BYE"), undefined);
  assert.equal(contact("ACK"), undefined);
  assert.equal(contact("REFER", { contact: "<sip:198.51.100.1>" }), "<sip:198.51.100.1>");
});

test("early dialogs differ by To tag, and each is confirmed for itself", () => {
  const invite = outgoing("INVITE");
  const first = uac(180, { toTag: "one", headerFields: recordRoutes(near) }, invite);
  const second = uac(183, { toTag: "two" }, invite);
  assert.notEqual(first.key, second.key);
  second.confirm(responded(invite, 200, { toTag: "two" }));
  assert.equal(first.state, "early");
  assert.equal(second.state, "confirmed");
});

test("a 2xx computes the route set and the target again (§13.2.2.4)", () => {
  const invite = outgoing("INVITE");
  const dialog = uac(180, { headerFields: recordRoutes(near) }, invite);
  const parts = { headerFields: recordRoutes(far, middle), contact: "<sip:bob@192.0.2.7>" };
  dialog.confirm(responded(invite, 200, parts));
  assert.deepEqual(dialog.routeSet, [middle, far]);
  assert.equal(dialog.nextHop(), "sip:middle.example.com:5070;transport=tcp;lr");
  assert.equal(dialog.remoteTarget, "sip:bob@192.0.2.7");
  dialog.confirm(responded(invite, 200));
  assert.deepEqual(dialog.routeSet, []);
  assert.equal(dialog.nextHop(), "sip:bob@192.0.2.1:5060");
});

test("a 2xx with a malformed Record-Route leaves the route set of the early dialog", () => {
  const invite = outgoing("INVITE");
  const dialog = uac(180, { headerFields: recordRoutes(near) }, invite);
  dialog.confirm(responded(invite, 200, { headerFields: recordRoutes("<tel:+1>") }));
  assert.deepEqual(dialog.routeSet, [near]);
  assert.equal(dialog.state, "confirmed");
});

test("on the UAS side confirming leaves the route set alone", () => {
  const dialog = uas({ headerFields: recordRoutes(near) });
  dialog.confirm(responded(outgoing("INVITE"), 200));
  assert.deepEqual(dialog.routeSet, [near]);
});

test("target refresh: the new Contact counts, the route set stays; an unusable Contact changes nothing", () => {
  const dialog = uas({ headerFields: recordRoutes(near) });
  const refresh = (contact: string) =>
    dialog.refreshTarget(parsedRequest(request("INVITE", { contact, sequenceNumber: 2 })));
  refresh("<sip:alice@192.0.2.99>");
  assert.equal(dialog.createRequest("BYE").requestUri, "sip:alice@192.0.2.99");
  assert.deepEqual(dialog.routeSet, [near]);
  for (const contact of ["", "*", "<tel:+15551234567>", "<sip:>"]) {
    refresh(contact);
    assert.equal(dialog.remoteTarget, "sip:alice@192.0.2.99");
  }
});

test("a Request-URI has neither headers nor a method parameter (§19.1.1)", () => {
  const requestUri = (contact: string) => uas({ contact }).createRequest("BYE").requestUri;
  assert.equal(
    requestUri("<sip:alice@192.0.2.1;Method=INVITE;transport=tcp>"),
    "sip:alice@192.0.2.1;transport=tcp",
  );
  assert.equal(requestUri("<sip:alice@192.0.2.1;x=1?Replaces=abc>"), "sip:alice@192.0.2.1;x=1");
  assert.equal(requestUri("<sip:Alice%20A@Example.COM;x=1>"), "sip:Alice%20A@Example.COM;x=1");
});

test("sequence numbers of the peer (§12.2.2): lower is out of order, equal and higher are in order", () => {
  const dialog = uas({ sequenceNumber: 10 });
  const check = (method: string, sequenceNumber: number) =>
    dialog.checkRequest(parsedRequest(request(method, { sequenceNumber })));
  assert.equal(check("INFO", 9), "out-of-order");
  assert.equal(dialog.remoteSequenceNumber, 10);
  assert.equal(check("INFO", 10), "in-order");
  assert.equal(check("INFO", 15), "in-order");
  assert.equal(dialog.remoteSequenceNumber, 15);
  assert.equal(check("INFO", 14), "out-of-order");
  // The ACK of an older INVITE, come late.
  assert.equal(check("ACK", 10), "in-order");
  assert.equal(dialog.remoteSequenceNumber, 15);
});

test("the first request of the peer to a UAC sets the number, whatever it is", () => {
  const dialog = uac(200);
  assert.equal(dialog.remoteSequenceNumber, undefined);
  const first = parsedRequest(request("INFO", { sequenceNumber: 0 }));
  assert.equal(dialog.checkRequest(first), "in-order");
  assert.equal(dialog.remoteSequenceNumber, 0);
});

test("a peer without tags (RFC 2543)", () => {
  const dialog = uas({ fromTag: "" });
  assert.equal(dialog.remoteTag, "");
  assert.equal(dialog.createRequest("BYE").headerFields.value("To"), "<sip:alice@example.com>");
  assert.equal(uac(200, { toTag: "" }).remoteTag, "");
  const invite = outgoing("INVITE");
  const provisional = Dialog.fromResponse(invite, responded(invite, 180, { toTag: "" }));
  assert.equal(!provisional.ok && provisional.error.code, "to-tag-missing");
});

test("no dialog without a usable Contact; a provisional response may do without", () => {
  const options = { localTag: "ours", localContact: "<sip:198.51.100.1>", flow: insecure };
  const codeOf = (contact: string) => {
    const dialog = Dialog.fromRequest(parsedRequest(request("INVITE", { contact })), options);
    return dialog.ok ? "" : dialog.error.code;
  };
  assert.equal(codeOf(""), "contact-missing");
  assert.equal(codeOf("*"), "contact-missing");
  assert.equal(codeOf("<mailto:alice@example.com>"), "contact-not-sip");
  const invite = outgoing("INVITE");
  const success = Dialog.fromResponse(invite, responded(invite, 200, { contact: "" }));
  assert.equal(!success.ok && success.error.code, "contact-missing");
  assert.equal(uac(183, { contact: "" }).remoteTarget, "sip:bob@192.0.2.1");
});

test("no dialog with a Record-Route that is no SIP URI", () => {
  const parts = { headerFields: recordRoutes(near, "<tel:+1555>") };
  const options = { localTag: "ours", localContact: "<sip:198.51.100.1>", flow: insecure };
  const asUas = Dialog.fromRequest(parsedRequest(request("INVITE", parts)), options);
  assert.equal(!asUas.ok && asUas.error.code, "record-route-malformed");
  const invite = outgoing("INVITE");
  const asUac = Dialog.fromResponse(invite, responded(invite, 200, parts));
  assert.equal(!asUac.ok && asUac.error.code, "record-route-malformed");
});

test("no dialog from an INVITE of ours without From, To or CSeq", () => {
  for (const name of ["From", "To", "CSeq"]) {
    const invite = outgoing("INVITE");
    const response = responded(invite, 200);
    invite.headerFields.delete(name);
    assert.equal(Dialog.fromResponse(invite, response).ok, false, name);
  }
});

test("secure (§12.1): SIPS, and for a UAS by TLS as well", () => {
  const sips = { requestUri: "sips:bob@198.51.100.1" };
  assert.equal(uas(sips, { isSecure: true }).isSecure, true);
  assert.equal(uas(sips).isSecure, false);
  assert.equal(uas({}, { isSecure: true }).isSecure, false);
  const invite = outgoing("INVITE");
  invite.requestUri = "SIPS:bob@192.0.2.1";
  assert.equal(uac(200, {}, invite).isSecure, true);
});

test("journal: JSON and back, with the local sequence number 1000 further", () => {
  const dialog = uac(200, { headerFields: recordRoutes(far, near) });
  dialog.createRequest("INFO");
  dialog.checkRequest(parsedRequest(request("INFO", { sequenceNumber: 55 })));
  const journal = JSON.parse(JSON.stringify(dialog.toJournal())) as ReturnType<Dialog["toJournal"]>;
  assert.deepEqual(journal, dialog.toJournal());
  const adopted = Dialog.fromJournal(journal);
  assert.deepEqual(adopted.toJournal(), { ...journal, localSequenceNumber: 1008 });
  assert.equal(adopted.nextHop(), "sip:near.example.com;lr");
  const bye = adopted.createRequest("BYE");
  assert.equal(bye.headerFields.value("CSeq"), "1009 BYE");
  assert.deepEqual(bye.headerFields.values("Route"), [near, far]);
  assert.equal(adopted.checkRequest(parsedRequest(request("BYE", { sequenceNumber: 54 }))), "out-of-order");
  assert.equal(Dialog.fromJournal(journal, 0).localSequenceNumber, 8);
});

test("a UAC that has heard nothing yet comes out of the journal as such", () => {
  const adopted = Dialog.fromJournal(uac(200).toJournal());
  assert.equal(adopted.remoteSequenceNumber, undefined);
});

test("the key tells its parts apart", () => {
  const keys = [
    dialogKey("c", "a", "b"),
    dialogKey("c", "b", "a"),
    dialogKey("c", "ab", ""),
    dialogKey("c", "", "ab"),
    dialogKey("b c", "a", ""),
  ];
  assert.equal(new Set(keys).size, keys.length);
});

test("no dialog from a request whose From, To or Contact cannot be read", () => {
  const options = { localTag: "ours", localContact: "<sip:198.51.100.1>", flow: insecure };
  for (const parts of [{ from: "<sip:alice" }, { to: "<sip:bob" }, { contact: "<sip:alice" }]) {
    const dialog = Dialog.fromRequest(parsedRequest(request("INVITE", parts)), options);
    assert.match(dialog.ok ? "" : dialog.error.code, /^name-addr-/);
  }
});
