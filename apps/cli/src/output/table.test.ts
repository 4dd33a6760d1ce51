import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { objectText, tableText } from "./table.ts";

describe("tableText", () => {
  it("aligns columns, looks inside objects and marks what is not there", () => {
    const rows = [
      { sid: "TK1", name: "a longer name", recording: { mode: "off" } },
      { sid: "TK22", name: null, secure: true },
    ];
    assert.equal(
      tableText(rows, ["sid", "name", "recording.mode", "secure"]),
      [
        "SID   NAME           RECORDING.MODE  SECURE",
        "TK1   a longer name  off             -",
        "TK22  -              -               true",
      ].join("\n"),
    );
  });

  it("says so when there is nothing", () => assert.equal(tableText([], ["sid"]), "nothing there"));

  it("cuts a cell of more than 60 characters", () => {
    assert.equal(tableText([{ a: "x".repeat(60) }], ["a"]).split("\n")[1], "x".repeat(60));
    assert.equal(tableText([{ a: "x".repeat(61) }], ["a"]).split("\n")[1], `${"x".repeat(59)}…`);
  });

  it("keeps control characters from the terminal", () => {
    assert.equal(tableText([{ a: "\u001b[2Jx\u009by\n" }], ["a"]).split("\n")[1], "�[2Jx�y�");
  });
});

describe("objectText", () => {
  it("shows a field a line, nested objects as JSON", () => {
    assert.equal(
      objectText({ sid: "TK1", links: { a: 1 }, none: null }),
      'sid    TK1\nlinks  {"a":1}\nnone   -',
    );
  });
});
