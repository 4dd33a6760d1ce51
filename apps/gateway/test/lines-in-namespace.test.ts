/** The program on a host that has nothing but its own loopback device: addresses come and go as an agent would have it. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { test } from "node:test";

const script = new URL("./two-lines-in-namespace.ts", import.meta.url).pathname;
/** With process ids of its own too: whatever the script has started ends with it. */
const isolated = ["--net", "--pid", "--fork", "--kill-child", "--mount-proc"];
const isRoot = process.getuid?.() === 0;

test("kernel: two lines to one customer are told apart by their sockets, in a network namespace", {
  skip: isRoot ? false : "needs root for a network namespace",
}, async (context) => {
  const env = { ...process.env, NODE_TEST_CONTEXT: undefined };
  const child = spawn("unshare", [...isolated, process.execPath, script], { env });
  context.after(() => child.kill("SIGKILL"));
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (data: Buffer) => (output += data.toString()));
  }
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
  assert.equal(code, 0, output);
});
