/** What is told when the process may open no more descriptors, in a process that may open few. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";

const run = promisify(execFile);
const sockets = JSON.stringify(join(import.meta.dirname, "../src/index.ts"));

const script = `
import { closeSync, openSync } from "node:fs";
import { openPacketSocket } from ${sockets};

const told = [];
const files = [];
/** How many descriptors are left; none is afterwards. */
function fill() {
  for (let count = 0; ; count++) {
    try {
      files.push(openSync("/dev/null"));
    } catch (error) {
      if (error.code !== "EMFILE") throw error;
      return count;
    }
  }
}
function spare(count) {
  for (let index = 0; index < count; index++) closeSync(files.pop());
}
let tell = () => {};
const onPacket = (data) => tell(data.toString());
const open = (port) => openPacketSocket("127.0.0.1", port, { onPacket });
const outcome = (socket) => (typeof socket === "object" ? "open" : String(socket));

fill();
for (const left of [0, 1]) {
  spare(left);
  told.push([left, outcome(open(0)), fill()]);
}
spare(3);
const port = ${45_000 + (process.pid % 4000)};
const one = open(port);
const two = open(0);
told.push([3, outcome(one), outcome(two), fill()]);
told.push([0, outcome(open(0))]);
const heard = new Promise((resolve) => { tell = resolve; });
two.send(Buffer.from("heard"), "127.0.0.1", port);
told.push(await heard);
one.close();
two.close();
told.push(fill());
console.log(JSON.stringify(told));
`;

test("without a descriptor for the socket, or for the set of all, the error is told and nothing stays open", async () => {
  const node = ["--no-warnings", "--input-type=module", "-e", script];
  const { stdout } = await run("sh", ["-c", 'ulimit -n 60; exec "$@"', "sh", process.execPath, ...node], {
    timeout: 30_000,
  });
  assert.deepEqual(JSON.parse(stdout), [
    [0, "EMFILE", 0],
    [1, "EMFILE", 1],
    [3, "open", "open", 0],
    [0, "EMFILE"],
    "heard",
    2,
  ]);
});
