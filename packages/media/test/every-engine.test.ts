/** The same behaviours, for every engine and both families; user space with its own sockets and with those of node:dgram. */
import { after, before, describe, test } from "node:test";
import { behaviours } from "./engine-behaviours.ts";
import { missingForKernelTests } from "./kernel/requirements.ts";
import { type EngineName, setStage } from "./kernel/stage.ts";
import { ThreeHosts } from "./kernel/three-hosts.ts";

const engines: readonly EngineName[] = ["userspace", "node:dgram", "kernel", "both"];
const missing = missingForKernelTests();

for (const [engine, family] of engines.flatMap((each) => [[each, ""] as const, [each, "6"] as const])) {
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
