import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { cleanCall } from "./clean-call.ts";
import { playsOf } from "./play.ts";
import { type PlayOutcome, playTheme } from "./play-theme.ts";
import type { Theme } from "./scenario.ts";

/** Registers each scenario of a theme, on each of its transports, as a test. They are all played when the first one is asked for. */
export function testTheme(theme: Theme): void {
  let played: Promise<ReadonlyMap<string, PlayOutcome>> | undefined;
  const outcomeOf = async (title: string): Promise<PlayOutcome | undefined> => {
    played ??= playTheme(theme).then((outcomes) => new Map(outcomes.map((one) => [one.title, one])));
    return (await played).get(title);
  };
  describe(theme.name, () => {
    for (const { title } of playsOf(theme, cleanCall).slice(0, -1)) {
      it(title, async () => {
        const outcome = await outcomeOf(title);
        assert.ok(outcome !== undefined, "it was not played");
        if (outcome.failure !== undefined) assert.fail(outcome.failure);
      });
    }
  });
}
