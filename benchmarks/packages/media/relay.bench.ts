/**
 * CPU per relayed RTP packet of the userspace engine: two endpoints, real sockets on loopback. What the far sides cost
 * is measured first, by sending directly from one to the other, and taken off.
 */
import { createSocket, type Socket } from "node:dgram";
import { SystemClock } from "../../../packages/clock/src/index.ts";
import { UserspaceRelay } from "../../../packages/media/src/index.ts";

const address = "127.0.0.1";
const rounds = 400;
const burst = 50;

async function openSocket(): Promise<Socket> {
  const socket = createSocket("udp4");
  await new Promise<void>((resolve) => socket.bind({ address, port: 0 }, () => resolve()));
  return socket;
}

const [alice, bob] = [await openSocket(), await openSocket()];
let heard = 0;
bob.on("message", () => {
  heard += 1;
});
const packet = Buffer.alloc(172, 0xff);
packet[0] = 0x80;

/** CPU microseconds per packet that arrived; bursts wait for their end, so that no buffer overflows. */
async function measure(port: number): Promise<number> {
  heard = 0;
  const before = process.cpuUsage();
  for (let round = 1; round <= rounds; round += 1) {
    for (let i = 0; i < burst; i += 1) {
      packet.writeUInt16BE((round * burst + i) & 0xffff, 2);
      alice.send(Buffer.from(packet), port, address);
    }
    while (heard < round * burst) await new Promise((resolve) => setImmediate(resolve));
  }
  const used = process.cpuUsage(before);
  return (used.user + used.system) / heard;
}

const clock = new SystemClock();
const media = { name: "media", localAddress: address, advertisedAddress: address };
const relay = new UserspaceRelay({
  clock,
  interfaces: [media],
  ports: { first: 28_000, last: 28_099 },
  preboundEndpoints: 4,
});
await relay.open();
const a = relay.openEndpoint({ mediaInterface: "media", kind: "rtp" });
const b = relay.openEndpoint({ mediaInterface: "media", kind: "rtp" });
if (a === undefined || b === undefined) throw new Error("no free ports");
a.setRemote({ address, port: alice.address().port, rtcpAddress: address, rtcpPort: 0 });
b.setRemote({ address, port: bob.address().port, rtcpAddress: address, rtcpPort: 0 });
relay.join(a, b);

await measure(a.localPort);
const direct = await measure(bob.address().port);
const relayed = await measure(a.localPort);
console.log(
  `userspace relay: ${(relayed - direct).toFixed(2)} µs of CPU per packet (${relayed.toFixed(2)} with far sides)`,
);

const opened = 20_000;
const started = performance.now();
for (let i = 0; i < opened; i += 1) {
  relay.join(a, b);
  a.setRemote({ address, port: 4000 + (i & 1023), rtcpAddress: address, rtcpPort: 4001 });
  a.setPolicy({ source: "address", signalingAddress: address, trustedNetworks: [] });
}
console.log(
  `join + setRemote + setPolicy: ${(((performance.now() - started) * 1000) / opened).toFixed(2)} µs`,
);
await relay.close();
alice.close();
bob.close();
clock.close();
