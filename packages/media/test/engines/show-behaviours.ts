/** The same behaviours, for an engine and both families. */
import { after, before, describe, test } from "node:test";
import { behaviours } from "../engine-behaviours.ts";
import { missingForKernelTests } from "../kernel/requirements.ts";
import { type EngineName, setStage } from "../kernel/stage.ts";
import { ThreeHosts } from "../kernel/three-hosts.ts";

const missing = missingForKernelTests();

/** Each engine has a test file of its own, so that they run at a time: each waits more than it works. */
export function showBehaviours(engine: EngineName): void {
  for (const family of ["", "6"] as const) {
    describe(`engine: ${engine}, IPv${family || "4"}`, { skip: missing ?? false }, () => {
      let hosts: ThreeHosts;
      before(() => {
        hosts = new ThreeHosts();
      });
      after(() => hosts.close());
      for (const behaviour of behaviours) {
        test(behaviour.name, async () => {
          const stage = await setStage(hosts, engine, family);
          try {
            await behaviour.show(stage);
          } finally {
            await stage.close();
          }
        });
      }
    });
  }
}
