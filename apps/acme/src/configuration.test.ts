import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { readConfiguration } from "./configuration.ts";

const good = {
  directoryUrl: "https://acme.test/dir",
  termsOfServiceAgreed: true,
  directory: "/var/lib/tandem/certificates",
  solver: { type: "http-01", address: "0.0.0.0", port: 80 },
  certificates: [{ name: "edge", domains: ["ashburn.tandem.test"] }],
};
const dns = { type: "dns-01", command: ["/usr/local/bin/hook"] };
const wildcard = [{ name: "edge", domains: ["*.pstn.tandem.test"] }];

const table: [what: string, changes: object, fault: RegExp | undefined][] = [
  ["as it should be", {}, undefined],
  ["a wildcard by dns-01", { solver: dns, certificates: wildcard }, undefined],
  ["a wildcard by http-01", { certificates: wildcard }, /\*\.pstn\.tandem\.test needs dns-01/],
  ["a directory in clear", { directoryUrl: "http://acme.test/dir" }, /directoryUrl/],
  ["no word of the terms", { termsOfServiceAgreed: false }, /termsOfServiceAgreed/],
  [
    "a name as address",
    { solver: { type: "http-01", address: "localhost", port: 80 } },
    /localhost is no IP address/,
  ],
  ["a name that leads elsewhere", { certificates: [{ name: "../x", domains: ["a.test"] }] }, /name/],
  ["two of one name", { certificates: [...good.certificates, ...good.certificates] }, /two are named edge/],
  ["a domain that is none", { certificates: [{ name: "edge", domains: ["a b.test"] }] }, /domains/],
  ["as many domains as the limit", { certificates: domains(100) }, undefined],
  ["one domain more", { certificates: domains(101) }, /domains/],
];

function domains(count: number): object[] {
  return [{ name: "edge", domains: Array.from({ length: count }, (_, index) => `n${index}.test`) }];
}

for (const [what, changes, fault] of table) {
  test(`configuration: ${what}`, (context) => {
    const directory = mkdtempSync(join(tmpdir(), "acme-configuration-"));
    context.after(() => rmSync(directory, { recursive: true }));
    const file = join(directory, "acme.json");
    writeFileSync(file, JSON.stringify({ ...good, ...changes }));
    if (fault === undefined) assert.equal(readConfiguration(file).directory, good.directory);
    else assert.throws(() => readConfiguration(file), fault);
  });
}
