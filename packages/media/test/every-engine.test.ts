/** The same behaviours, for every engine. */
import { after, before, describe, test } from "node:test";
import { behaviours } from "./engine-behaviours.ts";
import { missingForKernelTests } from "./kernel/requirements.ts";
import { type EngineName, setStage } from "./kernel/stage.ts";
import { ThreeHosts } from "./kernel/three-hosts.ts";

const engines: readonly EngineName[] = ["userspace", "kernel", "both"];
const missing = missingForKernelTests();

for (const engine of engines) {
  describe(`engine: ${engine}`, { skip: missing ?? false }, () => {
    let hosts: ThreeHosts;
    before(() => {
      hosts = new ThreeHosts();
    });
    after(() => hosts.close());
    for (const behaviour of behaviours) {
      test(behaviour.name, async () => {
        const stage = await setStage(hosts, engine);
        try {
          await behaviour.show(stage);
        } finally {
          await stage.close();
        }
      });
    }
  });
}
