/** Whatever goes well or wrong, at whatever level: no secret in what people read, send around and keep. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { planted, secretsIn } from "./planted-secrets.ts";
import { SecretsStage } from "./secrets-stage.ts";

/** Where secrets belong; all of them have mode 0600 or lie in a directory with 0700. */
const keepers = /^(credentials\.json|gateway-1\.json|control\/secret\.key|gateway\/snapshot\.json)$/;

let stage: SecretsStage;
let secrets: ReadonlyMap<string, string>;

before(async () => {
  stage = await SecretsStage.open();
  await stage.provision();
  await stage.makeMistakes();
  await stage.call();
  await stage.breakTls();
  const answers = stage.carrier.responses.map(({ method, response }, place): [string, string] => [
    `answer ${place + 1} to the carrier, in a ${method}`,
    response,
  ]);
  secrets = new Map([...Object.entries(planted), ...stage.made, ...answers]);
});

after(async () => stage.close());

/** Every file below the exchange's directory, as latin1: databases are searched byte by byte. */
function files(): ReadonlyMap<string, string> {
  const { directory } = stage.exchange;
  const entries = readdirSync(directory, { recursive: true, withFileTypes: true });
  return new Map(
    entries
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .map((file) => [file.slice(directory.length + 1), readFileSync(file, "latin1")]),
  );
}

test("the search finds what it looks for: secrets stand where they belong", () => {
  const found = files();
  assert.deepEqual(secretsIn(found.get("credentials.json") ?? "", secrets), ["token of the operator"]);
  assert.deepEqual(secretsIn(found.get("gateway-1.json") ?? "", secrets), ["token of gateway-1"]);
  const snapshot = secretsIn(found.get("gateway/snapshot.json") ?? "", secrets);
  assert.ok(snapshot.includes("HA1 of the trunk") && snapshot.includes("carrierPassword"), String(snapshot));
});

test("both programs logged the failures at debug level, and no secret with them", () => {
  const { control, gateway } = stage.exchange;
  for (const { name, output } of [control, gateway]) {
    assert.ok(output.length > 500, `${name} said something`);
    assert.deepEqual(secretsIn(output, secrets), [], `output of ${name}`);
  }
  assert.doesNotMatch(gateway.output, /response=\\?"[0-9a-f]{32}/, "no answer to a challenge at all");
});

test("no error body, alert or call record of the API holds a secret", () => {
  assert.ok(stage.bodies.length >= 13);
  for (const body of stage.bodies) assert.deepEqual(secretsIn(body, secrets), [], body.slice(0, 500));
});

test("no file of the exchange holds a secret but those made for it: logs, journal, outbox and database", () => {
  const found = [...files()].filter(([file]) => !keepers.test(file));
  assert.ok(
    found.some(([file]) => file.startsWith("control/")),
    "the embedded database is there",
  );
  assert.ok(
    found.some(([file]) => file.endsWith("ledger.sqlite")),
    "and the gateway's ledger",
  );
  assert.deepEqual(
    found.map(([file, text]) => [file, secretsIn(text, secrets)]).filter(([, names]) => names?.length !== 0),
    [],
  );
});
