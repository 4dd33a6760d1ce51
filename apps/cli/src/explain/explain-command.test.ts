import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ExplainResult } from "@tandem/contracts";
import { buildProgram } from "../program.ts";
import { startControlDouble } from "../testing/control-double.ts";
import { recordingContext } from "../testing/recording-context.ts";
import { explainText, wouldBeCarried } from "./explain-text.ts";

const carried: ExplainResult = {
  gateway: "gateway-1",
  snapshotVersion: 7,
  trunkSid: "TK1",
  accountSid: null,
  stages: [
    { stage: "admission", verdict: "pass", text: "not banned", reasonCode: null, statusCode: null },
    { stage: "security-policy", verdict: "skip", text: "not demanded", reasonCode: null, statusCode: null },
  ],
  candidates: [
    { sid: "CG1", url: "sip:192.0.2.7", edge: "ashburn", usable: true, text: "longest prefix +1" },
    { sid: "CG2", url: "sip:192.0.2.8", edge: null, usable: false, text: "down" },
  ],
};
const refused: ExplainResult = {
  ...carried,
  stages: [
    {
      stage: "authentication",
      verdict: "refuse",
      text: "not in the list",
      reasonCode: 32201,
      statusCode: 403,
    },
  ],
  candidates: [],
};

async function explain(
  line: readonly string[],
  answer: unknown,
  input = "",
): Promise<{ form: URLSearchParams; path: string; printed: string; exitCodes: readonly number[] }> {
  const control = await startControlDouble([{ body: answer }]);
  const environment = { TANDEM_URL: control.url, TANDEM_ACCOUNT_SID: "AC1", TANDEM_AUTH_TOKEN: "t" };
  const context = recordingContext({ environment, input });
  try {
    await buildProgram(context).parseAsync(["node", "tandem", "explain", ...line]);
  } finally {
    await control.close();
  }
  const [method, path = "", form] = (control.requests[0] ?? "").split(" ");
  assert.equal(method, "POST");
  return {
    form: new URLSearchParams(form),
    path,
    printed: context.printed.join("\n"),
    exitCodes: context.exitCodes,
  };
}

const facts = ["--source", "192.0.2.1", "--from", "+15550100", "--to", "+15550199"];

describe("tandem explain", () => {
  it("sends the facts of a call", async () => {
    const { form, path } = await explain(
      [...facts, "--host", "a.pstn.tandem.test", "--transport", "tls"],
      carried,
    );
    assert.equal(path, "/v1/Explain");
    assert.deepEqual(Object.fromEntries(form), {
      Direction: "termination",
      From: "+15550100",
      To: "+15550199",
      SourceAddress: "192.0.2.1",
      Transport: "TLS",
      Host: "a.pstn.tandem.test",
    });
  });

  it("sends an INVITE from standard input with the line ends of the wire", async () => {
    const { form } = await explain(["--source", "192.0.2.1"], carried, "INVITE sip:x SIP/2.0\nVia: y\n\n");
    assert.equal(form.get("Invite"), "INVITE sip:x SIP/2.0\r\nVia: y\r\n\r\n");
    assert.equal(form.get("Direction"), null);
    const exact = await explain(
      ["--source", "192.0.2.1"],
      carried,
      "INVITE sip:x SIP/2.0\r\nVia: y\r\n\r\na\nb",
    );
    assert.equal(exact.form.get("Invite"), "INVITE sip:x SIP/2.0\r\nVia: y\r\n\r\na\nb");
  });

  it("prints each stage and each candidate", async () => {
    const { printed, exitCodes } = await explain(facts, carried);
    assert.equal(
      printed,
      [
        "gateway gateway-1, snapshot 7",
        "trunk TK1, account -",
        "stages",
        "  admission        pass   not banned",
        "  security-policy  skip   not demanded",
        "candidates",
        "  1. use  sip:192.0.2.7 from ashburn  longest prefix +1 (CG1)",
        "  2. skip sip:192.0.2.8  down (CG2)",
      ].join("\n"),
    );
    assert.deepEqual(exitCodes, []);
  });

  it("a call that would be refused ends with 2", async () => {
    const { printed, exitCodes } = await explain(facts, refused);
    assert.match(
      printed,
      /authentication {2}REFUSE \[403\] not in the list \(reason 32201\)\ncandidates\n {2}none$/,
    );
    assert.deepEqual(exitCodes, [2]);
  });

  it("prints JSON when asked", async () => {
    assert.deepEqual(JSON.parse((await explain([...facts, "--json"], carried)).printed), carried);
  });

  const refusals: readonly (readonly [line: readonly string[], message: RegExp])[] = [
    [["--source", "x", "--from", "+1"], /both --from and --to/],
    [["--source", "x"], /no INVITE on standard input/],
    [[...facts, "--direction", "inbound"], /--direction is/],
    [[...facts, "--transport", "sctp"], /--transport is/],
  ];
  for (const [line, message] of refusals) {
    it(`refuses ${line.join(" ")}`, async () => {
      await assert.rejects(explain(line, carried), message);
    });
  }

  it("refuses an answer that is no explanation", async () => {
    await assert.rejects(explain(facts, { gateway: 1 }), /no explanation/);
  });
});

describe("wouldBeCarried", () => {
  it("needs a candidate and no refusal", () => {
    assert.equal(wouldBeCarried(carried), true);
    assert.equal(wouldBeCarried({ ...carried, candidates: [] }), false);
    assert.equal(wouldBeCarried({ ...carried, stages: refused.stages }), false);
  });

  it("an empty explanation can be printed", () => {
    assert.match(explainText({ ...carried, stages: [], candidates: [] }), /none$/);
  });
});
