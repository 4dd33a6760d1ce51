import { test } from "node:test";
import type { SnapshotAccount } from "@tandem/contracts";
import { reasons } from "@tandem/reasons";
import { originationCallOnTrunk, terminationCall } from "../testing/call-of.ts";
import { assertPasses, assertRefused } from "../testing/verdicts.ts";
import { accountStatus } from "./account-status.ts";

const account = (status: SnapshotAccount["status"]) => ({
  snapshot: { accounts: [{ sid: "AC1", status, compatibility: "tandem" as const }] },
});

test("calls of an active account pass, in both directions", () => {
  assertPasses(accountStatus(terminationCall(account("active"))));
  assertPasses(accountStatus(originationCallOnTrunk(account("active"))));
});

for (const status of ["suspended", "closed"] as const) {
  test(`a ${status} account neither calls nor is called, for different reasons`, () => {
    assertRefused(
      accountStatus(terminationCall(account(status))),
      reasons.accountInactive,
      `AC1 is ${status}`,
    );
    assertRefused(accountStatus(originationCallOnTrunk(account(status))), reasons.calledAccountInactive);
  });
}

test("a trunk of no account is refused", () => {
  const call = terminationCall({ snapshot: { accounts: [] } });
  assertRefused(accountStatus(call), reasons.accountInactive, "the account of TK1 is unknown");
});
