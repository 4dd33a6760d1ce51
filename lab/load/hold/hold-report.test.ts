import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { GatewayCounts } from "../../harness/gateway-counts.ts";
import type { GatewayState } from "./gateway-state.ts";
import { type HoldResult, heapBudgetKiB, heapKiBPerCall, holdFaults } from "./hold-report.ts";

const nothing: GatewayCounts = {
  calls: 0,
  clientTransactions: 0,
  serverTransactions: 0,
  dialogs: 0,
  invites: 0,
  relayEndpoints: 0,
  sdpSessions: 0,
  journal: 0,
  heapUsed: 30 * 2 ** 20,
  timers: 7,
  faults: 0,
  transport: { connections: 0, udpSockets: 3 },
};

function state(counts: Partial<GatewayCounts> = {}, kernelFlows = 0): GatewayState {
  return { counts: { ...nothing, ...counts }, residentMiB: 150, descriptors: 94, sockets: 60, kernelFlows };
}

const calls = 1000;
const atBudget = nothing.heapUsed + calls * heapBudgetKiB * 1024;
const good: HoldResult = {
  engine: "kernel",
  calls,
  setUpSeconds: 8,
  failedAtCustomer: 0,
  failedAtCarrier: 0,
  retransmissions: 3,
  idle: state(),
  held: state({ calls, heapUsed: atBudget }, 4 * calls),
  end: state(),
};

describe("what a gateway that held calls is blamed for", () => {
  it("nothing at the budget", () => {
    assert.equal(heapKiBPerCall(good), heapBudgetKiB);
    assert.deepEqual(holdFaults(good), []);
  });

  it("no flows of the kernel where user space relays", () => {
    const held = state({ calls, heapUsed: atBudget });
    assert.deepEqual(holdFaults({ ...good, engine: "userspace", held }), []);
  });

  const faulty: readonly (readonly [what: string, change: Partial<HoldResult>, faults: readonly string[]])[] =
    [
      [
        "heap past the budget",
        { held: state({ calls, heapUsed: atBudget + calls * 1024 }, 4 * calls) },
        ["13.0 KiB of heap per call, not 12"],
      ],
      [
        "a call that did not come up",
        { held: state({ calls: calls - 1 }, 4 * calls) },
        ["999 calls up at once, not 1000"],
      ],
      ["a call that failed at the customer", { failedAtCustomer: 1 }, ["1 calls failed at the customer"]],
      ["a BYE that the carrier never got", { failedAtCarrier: 1 }, ["1 calls failed at the carrier"]],
      [
        "a relay endpoint that is left",
        { end: state({ relayEndpoints: 2 }) },
        ["left at the end: relayEndpoints: 2"],
      ],
      [
        "a call that the kernel does not relay",
        { held: state({ calls, heapUsed: atBudget }, 4 * calls - 4) },
        ["3996 flows in the kernel, not 4000"],
      ],
      ["a flow that is left", { end: state({}, 4) }, ["left at the end: kernel flows: 4"]],
      ["a timer that is left", { end: state({ timers: 8 }) }, ["left at the end: 1 timers"]],
      ["an error of its own", { end: state({ faults: 1 }) }, ["1 faults of its own"]],
    ];
  for (const [what, change, faults] of faulty) {
    it(what, () => assert.deepEqual(holdFaults({ ...good, ...change }), faults));
  }
});
