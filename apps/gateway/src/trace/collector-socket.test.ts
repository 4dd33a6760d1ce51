import assert from "node:assert/strict";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { describe, test } from "node:test";
import { CollectorSocket, maximumUnsentBytes, parseCollector } from "./collector-socket.ts";

describe("where a collector is", () => {
  test("port 9060 unless said", () => {
    assert.deepEqual(parseCollector("192.0.2.1"), { address: "192.0.2.1", port: 9060 });
    assert.deepEqual(parseCollector("[2001:db8::1]:9061"), { address: "2001:db8::1", port: 9061 });
    assert.equal(parseCollector("homer"), undefined);
  });
});

describe("a collector's socket", () => {
  for (const [family, address] of [
    ["udp4", "127.0.0.1"],
    ["udp6", "::1"],
  ] as const) {
    test(`reaches it over ${family}`, async () => {
      const collector = createSocket(family).bind(0, address);
      await once(collector, "listening");
      const socket = new CollectorSocket({ address, port: collector.address().port });
      try {
        assert.equal(socket.send(Buffer.from("HEP3")), true);
        const [heard] = await once(collector, "message");
        assert.equal(String(heard), "HEP3");
      } finally {
        socket.close();
        collector.close();
      }
    });
  }

  test("nobody listens there: nothing is thrown, and it goes on", async () => {
    const gone = createSocket("udp4").bind(0, "127.0.0.1");
    await once(gone, "listening");
    const { port } = gone.address();
    gone.close();
    const socket = new CollectorSocket({ address: "127.0.0.1", port });
    for (let turn = 0; turn < 3; turn += 1) {
      assert.equal(socket.send(Buffer.from("HEP3")), true);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    socket.close();
  });

  test("more than the system takes is dropped, not kept", () => {
    const socket = new CollectorSocket({ address: "127.0.0.1", port: 9 });
    assert.equal(socket.send(Buffer.alloc(maximumUnsentBytes + 1)), false);
    socket.close();
  });
});
