import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { everyTransport } from "../scenarios/runner/scenario.ts";
import { verdictOn } from "./expectations.ts";
import { playTorture, type TortureRun } from "./play-torture.ts";
import { missingMessages, tortureMessages } from "./torture-messages.ts";
import { torturePage, writtenPage } from "./torture-page.ts";

let playing: Promise<TortureRun> | undefined;
const played = (): Promise<TortureRun> => (playing ??= playTorture());

it("the table has every message of RFC 4475 and RFC 5118", () => {
  assert.deepEqual(missingMessages(), []);
  assert.equal(tortureMessages.length, 65);
});

for (const protocol of everyTransport) {
  describe(`torture over ${protocol}`, () => {
    for (const { rfc, expectation } of tortureMessages) {
      const expected = verdictOn(expectation, protocol);
      it(`RFC ${rfc} ${expectation.name}: ${expected}, and a clean call behind it`, async () => {
        const { outcomes } = await played();
        const outcome = outcomes.find(
          (one) =>
            one.protocol === protocol && one.message.rfc === rfc && one.message.expectation === expectation,
        );
        assert.equal(outcome?.verdict, expected);
        assert.equal(outcome?.cleanCallFailure, undefined);
      });
    }
  });
}

it("nothing of it is left in the gateway, and it has caught no fault", async () => {
  assert.equal((await played()).residue, undefined);
});

it("docs/torture.md says what happened", async () => {
  assert.equal(writtenPage(), torturePage((await played()).outcomes));
});
