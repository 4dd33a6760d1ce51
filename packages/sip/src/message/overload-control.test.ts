import assert from "node:assert/strict";
import { test } from "node:test";
import {
  announcesOverloadControl,
  compareSequences,
  lossAnnouncement,
  overloadFeedbackIn,
} from "./overload-control.ts";
import { parseVia, type Via } from "./via.ts";

function via(parameters: string): Via {
  const parsed = parseVia(`SIP/2.0/UDP h;branch=z9hG4bK1;rport${parameters}`);
  assert.ok(parsed.ok);
  return parsed.value;
}

test("who announces loss, alone or among others, in any case", () => {
  const announcing = [lossAnnouncement, ';oc;oc-algo="rate, Loss"', ";OC;OC-Algo=loss", ';oc-algo="loss";oc'];
  for (const parameters of announcing)
    assert.equal(announcesOverloadControl(via(parameters)), true, parameters);
  const silent = [
    "",
    ";oc",
    ';oc-algo="loss"',
    ';oc;oc-algo="rate"',
    ';oc;oc-algo="lossy"',
    ';occ;oc-algo="loss"',
  ];
  for (const parameters of silent) assert.equal(announcesOverloadControl(via(parameters)), false, parameters);
});

const feedback: readonly (readonly [parameters: string, text: string])[] = [
  [';oc=20;oc-algo="loss";oc-validity=700;oc-seq=1282321615.782', "20 700 1282321615.78200"],
  [";oc=100;oc-algo=loss", "100 500 -"],
  [";oc=0;oc-validity=9", "0 9 -"],
  [';oc=50;oc-algo="loss";oc-validity=0;oc-seq=7', "0 0 7.00000"],
  [";oc;oc-validity=0", "0 0 -"],
  [";oc=5;oc-seq=999999999999.99999", "5 500 999999999999.99999"],
  // Our own announcement, as it comes back from who does not know it.
  [lossAnnouncement, "none"],
  ["", "none"],
  [';oc-algo="loss";oc-validity=500;oc-seq=1.1', "none"],
  [";oc=101", "none"],
  [";oc=-1", "none"],
  [";oc=20;oc-validity=x", "none"],
  [';oc=20;oc-algo="rate"', "none"],
  // An order that can't be read is none.
  [";oc=20;oc-seq=1234567890123.1", "20 500 -"],
  [";oc=20;oc-seq=1.123456", "20 500 -"],
  [";oc=20;oc-seq=x", "20 500 -"],
];

for (const [parameters, text] of feedback) {
  test(`${parameters || "nothing"}: ${text}`, () => {
    const found = overloadFeedbackIn(via(parameters));
    const sequence = found?.sequence;
    const order =
      sequence === undefined ? "-" : `${sequence.whole}.${String(sequence.fraction).padStart(5, "0")}`;
    assert.equal(found === undefined ? "none" : `${found.percentage} ${found.validityMs} ${order}`, text);
  });
}

test("sequence numbers are ordered by the whole, then by the decimals", () => {
  const ordered = ["1", "1.00001", "1.1", "1.78", "1.782", "2", "10.5"];
  const parsed = ordered.map((text) => overloadFeedbackIn(via(`;oc=1;oc-seq=${text}`))?.sequence);
  for (const [at, one] of parsed.entries()) {
    for (const [other, against] of parsed.entries()) {
      assert.ok(one !== undefined && against !== undefined);
      assert.equal(Math.sign(compareSequences(one, against)), Math.sign(at - other));
    }
  }
});
