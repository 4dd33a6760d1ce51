/** Link-local addresses, in a network of the test's own: a device by name, and one that goes and comes back. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";

const missing = process.getuid?.() === 0 ? false : "a network of its own needs root";
const run = promisify(execFile);
const sockets = JSON.stringify(join(import.meta.dirname, "../src/index.ts"));

const script = `
import { execFileSync } from "node:child_process";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { openPacketSocket } from ${sockets};

const ip = (command) => execFileSync("ip", command.split(" "));
function plug() {
  ip("link add line0 type veth peer name far0");
  for (const device of ["line0", "far0"]) ip("link set " + device + " up");
  for (const end of [1, 2]) ip("address add fe80::" + end + "/64 dev line0 nodad");
}
const told = [];
let tell = () => {};
const heardNatively = () => new Promise((resolve) => { tell = resolve; });
const onPacket = (data, address, port) => tell([data.toString(), address, port].join(" "));

ip("link set lo up");
plug();
const native = openPacketSocket("fe80::1%line0", 4000, { onPacket });
const node = createSocket("udp6").bind(4001, "fe80::2%line0");
await once(node, "listening");

const heardByNode = once(node, "message");
told.push(native.send(Buffer.from("to node"), "fe80::2%line0", 4001));
const [data, from] = await heardByNode;
told.push([data.toString(), from.address, from.port].join(" "));

const heard = heardNatively();
node.send("to native", 4000, "fe80::1%line0");
told.push(await heard);
told.push(native.send(Buffer.from("x"), "fe80::2%nobody", 4001));
node.close();
native.close();

const everywhere = openPacketSocket("::", 4000, { onPacket });
for (const text of ["before", "after"]) {
  const coming = heardNatively();
  told.push(everywhere.send(Buffer.from(text), "fe80::2%line0", 4000));
  told.push((await coming).replace(/fe80::[12]%/, ""));
  if (text === "before") {
    ip("link delete line0");
    ip("link add other type veth peer name far1");
    plug();
  }
}
everywhere.close();
console.log(JSON.stringify(told));
`;

test("who is on a link is told, and reached, by the name of the device", { skip: missing }, async () => {
  const node = [process.execPath, "--no-warnings", "--input-type=module", "-e", script];
  const { stdout } = await run("unshare", ["--net", ...node], { timeout: 30_000 });
  assert.deepEqual(JSON.parse(stdout), [
    true,
    "to node fe80::1%line0 4000",
    "to native fe80::2%line0 4001",
    false,
    true,
    "before line0 4000",
    true,
    "after line0 4000",
  ]);
});
