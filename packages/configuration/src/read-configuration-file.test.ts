import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { readConfigurationFile } from "./read-configuration-file.ts";

interface Example {
  readonly port: number;
}

const validate = (content: unknown) =>
  typeof content === "object" && content !== null && "port" in content && typeof content.port === "number"
    ? { ok: true as const, value: content as Example }
    : { ok: false as const, error: "/port: expected a number" };

function fileOf(context: TestContext, text: string): string {
  const folder = mkdtempSync(join(tmpdir(), "configuration-"));
  context.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, "example.yaml");
  writeFileSync(file, text);
  return file;
}

test("YAML and JSON are read", (context) => {
  assert.deepEqual(readConfigurationFile(fileOf(context, "# ours\nport: 5060\n"), validate), { port: 5060 });
  assert.deepEqual(readConfigurationFile(fileOf(context, '{ "port": 5061 }'), validate), { port: 5061 });
});

test("whatever is wrong, the error names the file", (context) => {
  const noSchema = fileOf(context, "port: many\n");
  assert.throws(() => readConfigurationFile(noSchema, validate), {
    message: `${noSchema}: /port: expected a number`,
  });
  const noYaml = fileOf(context, "port: [1\n");
  assert.throws(
    () => readConfigurationFile(noYaml, validate),
    ({ message, cause }: Error) => message.startsWith(`${noYaml}: `) && cause instanceof Error,
  );
  assert.throws(
    () => readConfigurationFile("/nowhere/example.yaml", validate),
    /^Error: \/nowhere\/example\.yaml: ENOENT/,
  );
});

test("what the schema cannot say is asked of what it let pass", (context) => {
  const file = fileOf(context, "port: 0\n");
  const faultIn = ({ port }: Example) => (port === 0 ? "/port: 0 is none" : undefined);
  assert.throws(() => readConfigurationFile(file, validate, faultIn), {
    message: `${file}: /port: 0 is none`,
  });
  assert.deepEqual(readConfigurationFile(fileOf(context, "port: 1\n"), validate, faultIn), { port: 1 });
});
