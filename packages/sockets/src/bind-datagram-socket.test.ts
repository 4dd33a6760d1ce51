import assert from "node:assert/strict";
import { createSocket, type RemoteInfo, type Socket } from "node:dgram";
import { once } from "node:events";
import { isIPv6 } from "node:net";
import { describe, it, type TestContext } from "node:test";
import { bindDatagramSocket } from "./bind-datagram-socket.ts";

async function bound(context: TestContext, address: string, descriptor: number): Promise<Socket> {
  const socket = createSocket(isIPv6(address) ? "udp6" : "udp4");
  context.after(() => socket.close());
  socket.bind({ fd: descriptor });
  await Promise.resolve();
  return socket;
}

for (const address of ["127.0.0.1", "::1"]) {
  describe(`bindDatagramSocket, ${address}`, () => {
    it("binds what node:dgram sends and receives by", async (context) => {
      const descriptor = bindDatagramSocket(address, 0);
      assert.ok(typeof descriptor === "number");
      const socket = await bound(context, address, descriptor);
      assert.equal(socket.address().address, address);
      const other = createSocket(isIPv6(address) ? "udp6" : "udp4").bind(0, address);
      context.after(() => other.close());
      await once(other, "listening");
      other.send("ping", socket.address().port, address);
      const [data, from] = (await once(socket, "message")) as [Buffer, RemoteInfo];
      assert.equal(data.toString(), "ping");
      assert.deepEqual([from.address, from.port], [address, other.address().port]);
    });

    it("tells that a port is taken, and takes it when it is free", async (context) => {
      const taken = createSocket(isIPv6(address) ? "udp6" : "udp4").bind(0, address);
      await once(taken, "listening");
      const { port } = taken.address();
      assert.equal(bindDatagramSocket(address, port), "EADDRINUSE");
      taken.close();
      await once(taken, "close");
      const descriptor = bindDatagramSocket(address, port);
      assert.ok(typeof descriptor === "number");
      const socket = await bound(context, address, descriptor);
      assert.equal(socket.address().port, port);
    });
  });
}

describe("bindDatagramSocket", () => {
  it("tells that an address is not of this machine", () => {
    assert.equal(bindDatagramSocket("192.0.2.1", 0), "EADDRNOTAVAIL");
  });

  it("keeps an IPv6 port free for IPv4", async (context) => {
    const descriptor = bindDatagramSocket("::", 0);
    assert.ok(typeof descriptor === "number");
    const { port } = (await bound(context, "::", descriptor)).address();
    const other = createSocket("udp4").bind(port, "0.0.0.0");
    context.after(() => other.close());
    await once(other, "listening");
  });

  it("tells that an address is not of that interface", () => {
    assert.equal(bindDatagramSocket("fe80::1%lo", 0), "EADDRNOTAVAIL");
  });

  it("has no IPv4 address by IPv6", () => {
    assert.equal(bindDatagramSocket("::ffff:127.0.0.1", 0), "EINVAL");
  });

  it("leaves a name, or a zone that is no interface, to others", () => {
    assert.equal(bindDatagramSocket("fe80::1%nobody", 0), undefined);
    assert.equal(bindDatagramSocket("localhost", 0), undefined);
  });
});
