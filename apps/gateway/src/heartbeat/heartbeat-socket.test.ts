import assert from "node:assert/strict";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { test } from "node:test";
import { HeartbeatSocket, heartbeatTargets } from "./heartbeat-socket.ts";

test("targets are addresses with or without a port", () => {
  assert.deepEqual(heartbeatTargets(["192.0.2.1", "192.0.2.1:7", "2001:db8::1", "[2001:db8::1]:9"]), [
    { address: "192.0.2.1", port: 5390 },
    { address: "192.0.2.1", port: 7 },
    { address: "2001:db8::1", port: 5390 },
    { address: "2001:db8::1", port: 9 },
  ]);
});

test("each target gets the datagram; one that does not listen harms nobody", async () => {
  const receiver = createSocket("udp4");
  receiver.bind(0, "127.0.0.1");
  await once(receiver, "listening");
  const socket = new HeartbeatSocket([
    { address: "127.0.0.1", port: 9 },
    { address: "127.0.0.1", port: receiver.address().port },
  ]);
  const received = once(receiver, "message");
  socket.send("alive");
  assert.equal(String((await received)[0]), "alive");
  socket.close();
  receiver.close();
});
