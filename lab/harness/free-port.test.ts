import assert from "node:assert/strict";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { createServer } from "node:net";
import { describe, it } from "node:test";
import { freePort } from "./free-port.ts";

describe("a free port", () => {
  for (const count of [1, 2, 4]) {
    it(`is the first of ${count}, even, above what Linux gives away, and can be bound`, async () => {
      const first = await freePort("127.0.0.1", count);
      assert.ok(first % 2 === 0 && first >= 61_000 && first + count <= 65_536, String(first));
      for (let port = first; port < first + count; port += 1) {
        const [server, socket] = [createServer(), createSocket("udp4")];
        await once(server.listen(port, "127.0.0.1"), "listening");
        await once(socket.bind(port, "127.0.0.1"), "listening");
        server.close();
        socket.close();
      }
    });
  }

  it("of an address that is not here is none", async () => {
    await assert.rejects(freePort("192.0.2.1"), { code: "EADDRNOTAVAIL" });
  });
});
