import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "node:test";
import { credentialsFileName, findConnection } from "./connection.ts";

describe("findConnection", () => {
  let directory = "";
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "tandem-connection-"));
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  const environment = { TANDEM_URL: "http://a.test//", TANDEM_ACCOUNT_SID: "AC1", TANDEM_AUTH_TOKEN: "t" };
  const write = (text: string): void => writeFileSync(join(directory, credentialsFileName), text);

  it("takes the environment, without slashes at the end of the URL", () => {
    assert.deepEqual(findConnection(environment, directory), {
      url: "http://a.test",
      accountSid: "AC1",
      authToken: "t",
    });
  });

  it("takes what the environment leaves out from the file of up", () => {
    write(JSON.stringify({ url: "http://b.test", accountSid: "AC2", authToken: "u" }));
    assert.deepEqual(findConnection({}, directory), {
      url: "http://b.test",
      accountSid: "AC2",
      authToken: "u",
    });
    assert.equal(findConnection({ TANDEM_URL: "http://c.test" }, directory).url, "http://c.test");
    assert.equal(findConnection(environment, directory).authToken, "t");
  });

  for (const name of Object.keys(environment)) {
    it(`says what to do without ${name}`, () => {
      assert.throws(
        () => findConnection({ ...environment, [name]: undefined }, directory),
        /no credentials: set/,
      );
    });
  }

  it("refuses a file that is no JSON and passes over values that are no text", () => {
    write("{");
    assert.throws(() => findConnection({}, directory), /is no JSON/);
    write(JSON.stringify({ url: 1, accountSid: "AC2", authToken: "u" }));
    assert.throws(() => findConnection({}, directory), /no credentials/);
  });
});
