import assert from "node:assert/strict";
import { test } from "node:test";
import { SocketPair } from "../src/userspace/socket-pair.ts";
import { loopback, portRange } from "./wire.ts";

test("an error of either socket is counted and harms nobody", async () => {
  const counters = { strayPackets: 0, socketErrors: 0 };
  const pair = SocketPair.bind(loopback, portRange(1).first, counters);
  assert.ok(typeof pair !== "string");
  assert.deepEqual([pair.rtp.listenerCount("error"), pair.rtcp.listenerCount("error")], [1, 1]);
  pair.rtp.emit("error", new Error("refused"));
  assert.equal(counters.socketErrors, 1);
  pair.rtcp.emit("error", new Error("refused"));
  assert.equal(counters.socketErrors, 2);
  await pair.close();
});
