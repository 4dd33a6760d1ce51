import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { buildProgram } from "../program.ts";
import { startControlDouble } from "../testing/control-double.ts";
import { recordingContext } from "../testing/recording-context.ts";

const message = {
  gateway: "gw-1",
  at: "2026-01-31T12:00:00.000000Z",
  direction: "received",
  transport: "UDP",
  local: "198.51.100.1:5060",
  remote: "192.0.2.10:5060",
  text: "INVITE sip:x SIP/2.0\r\nFrom: \u001b[31m\r\n\r\n",
};

async function run(
  line: string,
  body: unknown,
): Promise<{
  readonly request: string | undefined;
  readonly printed: string;
  readonly notes: readonly string[];
}> {
  const control = await startControlDouble([{ body }]);
  const environment = { TANDEM_URL: control.url, TANDEM_ACCOUNT_SID: "AC1", TANDEM_AUTH_TOKEN: "t" };
  const context = recordingContext({ environment });
  try {
    await buildProgram(context).parseAsync(["node", "tandem", "capture", ...line.split(" ")]);
  } finally {
    await control.close();
  }
  return { request: control.requests[0], printed: context.printed.join("\n"), notes: context.noted };
}

describe("tandem capture", () => {
  it("start: what is wanted, and which gateways take it", async () => {
    const captures = [
      { gateway: "gw-1", trunk_sid: null, number: "+15550100", maximum_calls: 3, ends_at: "soon" },
    ];
    const begun = await run("start --number +15550100 --calls 3 --seconds 60", {
      captures,
      missing: ["gw-2"],
    });
    assert.equal(begun.request, "POST /v1/Captures Number=%2B15550100&Calls=3&Seconds=60");
    assert.match(begun.printed, /^GATEWAY .*\ngw-1 +- +\+15550100 +3 +soon$/);
    assert.deepEqual(begun.notes, ["no answer from gw-2"]);
    const ofTrunk = await run("start --trunk TK1", { captures, missing: [] });
    assert.equal(ofTrunk.request, "POST /v1/Captures TrunkSid=TK1");
    assert.deepEqual(ofTrunk.notes, []);
  });

  it("list: the calls", async () => {
    const list = await run("list", {
      captures: [],
      calls: [{ call_sid: "CA1", gateway: "gw-1" }],
      missing: [],
    });
    assert.equal(list.request, "GET /v1/Captures");
    assert.match(list.printed, /^CALL_SID .*\nCA1 +gw-1 /);
  });

  it("show: a ladder, the messages in full without control characters, or JSON", async () => {
    const ends = [message.remote, "gw-1"];
    const answer = { call_sid: "CA1", ends, messages: [message], missing: [] };
    const ladder = await run("show CA1", answer);
    assert.equal(ladder.request, "GET /v1/Captures/CA1");
    assert.match(ladder.printed, /0\.000 .*─ INVITE ─.*▶/);
    assert.equal(
      (await run("show CA1 --messages", answer)).printed,
      "── 2026-01-31T12:00:00.000000Z gw-1 received from 192.0.2.10:5060 UDP\nINVITE sip:x SIP/2.0\nFrom: ?[31m",
    );
    assert.deepEqual(JSON.parse((await run("show CA1 --json", answer)).printed), answer);
  });

  it("stop", async () => {
    const stopped = await run("stop", "");
    assert.deepEqual([stopped.request, stopped.printed], ["DELETE /v1/Captures", "forgotten"]);
  });

  it("an answer of another kind is told", async () => {
    await assert.rejects(run("list", { trunks: [] }), /control answered without calls/);
  });
});
