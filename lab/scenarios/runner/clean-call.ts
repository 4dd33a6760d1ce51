import { scenario } from "./scenario.ts";

/** What must work after anything. */
export const cleanCall = scenario("a clean call succeeds", {}, async ({ setUp, hangUp }) => {
  await hangUp(await setUp());
});
