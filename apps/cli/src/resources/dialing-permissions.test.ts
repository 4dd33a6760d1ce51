import assert from "node:assert/strict";
import { test } from "node:test";
import { buildProgram } from "../program.ts";
import { startControlDouble } from "../testing/control-double.ts";
import { recordingContext } from "../testing/recording-context.ts";

async function run(line: readonly string[], answer: object) {
  const control = await startControlDouble([{ body: answer }]);
  const environment = { TANDEM_URL: control.url, TANDEM_ACCOUNT_SID: "AC1", TANDEM_AUTH_TOKEN: "t" };
  const context = recordingContext({ environment });
  try {
    await buildProgram(context).parseAsync(["node", "tandem", "dialing-permissions", ...line]);
  } finally {
    await control.close();
  }
  return { requests: control.requests.map(decodeURIComponent), printed: context.printed };
}

test("set names the switches of each country in one request", async () => {
  const { requests, printed } = await run(["set", "GB", "FR", "--special", "on", "--toll-fraud", "off"], {
    update_count: 2,
  });
  const fields = '"high_risk_special_numbers_enabled":true,"high_risk_tollfraud_numbers_enabled":false';
  assert.deepEqual(requests, [
    `POST /v1/DialingPermissions/BulkCountryUpdates UpdateRequest=[{"iso_code":"GB",${fields}},{"iso_code":"FR",${fields}}]`,
  ]);
  assert.match(printed.join(""), /changed 2 countries/);
});

test("set says what it lacks before anything is sent", async () => {
  for (const [line, what] of [
    [["set", "GB"], /name a switch/],
    [["set", "GB", "--low-risk", "yes"], /on or off/],
  ] as const) {
    await assert.rejects(run(line, {}), what);
  }
});

test("settings are shown, or changed", async () => {
  const shown = await run(["settings"], { dialing_permissions_inheritance: true });
  assert.deepEqual(shown.requests, ["GET /v1/Settings"]);
  assert.match(shown.printed.join(""), /dialing_permissions_inheritance/);
  const changed = await run(["settings", "--inherit", "false", "--default", "open"], {});
  assert.deepEqual(changed.requests, [
    "POST /v1/Settings DialingPermissionsInheritance=false&DialingPermissionsDefault=open",
  ]);
});
