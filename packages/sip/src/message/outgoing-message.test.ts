import assert from "node:assert/strict";
import { test } from "node:test";
import { OutgoingRequest, OutgoingResponse } from "./outgoing-message.ts";
import { serialize } from "./serialize.ts";

test("a cloned request lives on its own", () => {
  const request = new OutgoingRequest("INVITE", "sip:a@h", undefined, "body");
  request.headerFields.append("To", "<sip:a@h>");
  const copy = request.clone();
  assert.equal(serialize(copy), serialize(request));
  copy.method = "ACK";
  copy.requestUri = "sip:b@h";
  copy.body = "";
  copy.headerFields.set("To", "<sip:b@h>");
  assert.equal(
    serialize(request),
    "INVITE sip:a@h SIP/2.0\r\nTo: <sip:a@h>\r\nContent-Length: 4\r\n\r\nbody",
  );
  assert.equal(serialize(copy), "ACK sip:b@h SIP/2.0\r\nTo: <sip:b@h>\r\nContent-Length: 0\r\n\r\n");
});

test("a cloned response lives on its own", () => {
  const response = new OutgoingResponse(200, "OK", undefined, "body");
  response.headerFields.append("To", "<sip:a@h>");
  const copy = response.clone();
  assert.equal(serialize(copy), serialize(response));
  copy.statusCode = 180;
  copy.headerFields.delete("To");
  assert.equal(serialize(response), "SIP/2.0 200 OK\r\nTo: <sip:a@h>\r\nContent-Length: 4\r\n\r\nbody");
});

test("messages made without header fields do not share them", () => {
  new OutgoingRequest("INVITE", "sip:h").headerFields.append("To", "x");
  assert.equal(new OutgoingRequest("INVITE", "sip:h").headerFields.count, 0);
});
