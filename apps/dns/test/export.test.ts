/** The export: BIND takes it, and it says what the server says. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { exampleGateway, exampleInterface, exampleZone } from "../src/testing/example-zone.ts";
import { dig, digIsMissing } from "./dig.ts";
import { NameServerProgram, type NameServerWishes } from "./name-server-program.ts";

const checkZone = "/usr/bin/named-checkzone";
const checkZoneIsMissing = existsSync(checkZone) ? false : "named-checkzone is not installed (bind9-utils)";

async function prepared(
  context: TestContext,
  wishes: Partial<NameServerWishes> = {},
): Promise<NameServerProgram> {
  const program = await NameServerProgram.prepare({ address: "127.0.159.1", ...wishes });
  context.after(() => program.remove());
  return program;
}

test("an export before there is a zone says so", async (context) => {
  const program = await prepared(context);
  const ended = await program.once("export", "--config", program.configurationFile);
  assert.deepEqual([ended.code, ended.output], [1, ""]);
  assert.match(ended.errors, /^dns: .* holds no zone yet\n$/);
});

test("BIND takes the export", { skip: checkZoneIsMissing }, async (context) => {
  const zone = exampleZone();
  const sixth = exampleGateway("ashburn", 2, "public", "2001:db8::1");
  const other = {
    ...sixth,
    name: "Ashburn 3",
    interfaces: [exampleInterface("public", "203.0.113.3", { udpPort: 5070 })],
  };
  const program = await prepared(context, { zone: { ...zone, gateways: [...zone.gateways, sixth, other] } });
  const { code, output, errors } = await program.once(
    "export",
    "--format",
    "bind",
    "--config",
    program.configurationFile,
  );
  assert.deepEqual([code, errors], [0, ""]);
  const file = join(program.directory, "tandem.test.zone");
  writeFileSync(file, output);
  const said = execFileSync(checkZone, [
    "-i",
    "local",
    "-k",
    "fail",
    "-n",
    "fail",
    "tandem.test",
    file,
  ]).toString();
  assert.match(said, /zone tandem\.test\/IN: loaded serial 7\nOK/);
});

test("the export says what the server says", {
  skip: checkZoneIsMissing || digIsMissing,
}, async (context) => {
  const program = await prepared(context, { zone: exampleZone() });
  const { output } = await program.once("export", "--config", program.configurationFile);
  const exported = output.split("\n").filter((line) => line !== "" && !line.startsWith(";"));
  await program.run();
  const types = ["A", "SRV", "NAPTR"];
  for (const owner of ["office.pstn.us1-ix.tandem.test", "_sips._tcp.branch.office.pstn.gll.tandem.test"]) {
    for (const type of types) {
      const lines = exported.filter((line) => line.startsWith(`${owner}. `) && line.includes(` IN ${type} `));
      const { answerLines } = await dig(program.socket, owner, type);
      assert.deepEqual(answerLines.toSorted(), lines.toSorted());
    }
  }
});
