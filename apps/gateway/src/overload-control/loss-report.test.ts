import assert from "node:assert/strict";
import { test } from "node:test";
import { HandClock } from "@tandem/clock/testing";
import { compareSequences, overloadFeedbackIn, parseVia } from "@tandem/sip/message";
import { easeStepMs, LossPercentage } from "./loss-percentage.ts";
import { LossReport, lossValidityMs, renewAfterMs } from "./loss-report.ts";

const seconds = 1_790_000_000;

/** `setBackMs`: how far somebody set the clock of the machine back. */
function reportScript() {
  const clock = new HandClock({ wallMs: seconds * 1000 + 7 });
  const loss = new LossPercentage(clock);
  const machine = { setBackMs: 0 };
  const clocks = {
    monotonicMs: () => clock.monotonicMs(),
    wallMs: () => clock.wallMs() - machine.setBackMs,
  };
  return { clock, loss, machine, report: new LossReport(clocks, loss) };
}

test("without overload: 0, not in force, under one number", () => {
  const { clock, report } = reportScript();
  const text = `;oc=0;oc-algo="loss";oc-validity=0;oc-seq=${seconds}.007`;
  assert.equal(report.report(), text);
  clock.advance(3_600_000);
  assert.equal(report.report(), text);
});

test("a share that lasts gets a new number when it is time, not before", () => {
  const { clock, loss, report } = reportScript();
  report.report();
  loss.rise();
  const first = report.report();
  assert.equal(first, `;oc=95;oc-algo="loss";oc-validity=${lossValidityMs};oc-seq=${seconds}.008`);
  clock.advance(renewAfterMs - 1);
  assert.equal(report.report(), first);
  clock.advance(1);
  assert.equal(report.report(), first.replace(".008", ".207"));
});

test("each new value has a higher number, also when the clock of the machine goes back", () => {
  const { clock, loss, machine, report } = reportScript();
  const texts = [report.report()];
  loss.rise();
  texts.push(report.report());
  machine.setBackMs = 86_400_000;
  loss.ease();
  for (let step = 0; step < 7; step += 1) {
    texts.push(report.report());
    clock.advance(easeStepMs);
  }
  texts.push(report.report());
  const sequences = [...new Set(texts)].map((text) => {
    const via = parseVia(`SIP/2.0/UDP h${text}`);
    const sequence = via.ok ? overloadFeedbackIn(via.value)?.sequence : undefined;
    assert.ok(sequence !== undefined);
    return sequence;
  });
  assert.equal(sequences.length, 9);
  for (const [at, one] of sequences.slice(1).entries()) {
    const before = sequences[at];
    assert.ok(before !== undefined && compareSequences(before, one) < 0);
  }
  assert.match(texts.at(-1) ?? "", /^;oc=0;oc-algo="loss";oc-validity=0;/);
});
