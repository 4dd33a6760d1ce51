import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { ConfigurationError, readConfiguration } from "./configuration.ts";

test("without any setting control is a trial on this machine", () => {
  assert.deepEqual(readConfiguration({ TANDEM_DATABASE_URL: "", TANDEM_REALM: " " }), {
    dataDirectory: "data",
    httpAddress: "127.0.0.1",
    httpPort: 8080,
    publicUrl: undefined,
    databaseUrl: undefined,
    keyFile: join("data", "secret.key"),
    credentialsFile: join("data", "credentials.json"),
    baseDomain: undefined,
    realm: undefined,
    linePool: undefined,
    topologyFile: undefined,
    gatewayTokens: new Map(),
    nameServerTokens: new Map(),
    consoleDirectory: undefined,
    trustProxy: false,
    metrics: undefined,
    logLevel: "info",
  });
});

test("every setting is read", () => {
  const token = "0123456789abcdef";
  assert.deepEqual(
    readConfiguration({
      TANDEM_DATA_DIRECTORY: "/d",
      TANDEM_HTTP_ADDRESS: "0.0.0.0",
      TANDEM_HTTP_PORT: "0",
      TANDEM_PUBLIC_URL: "https://c.test:1/",
      TANDEM_DATABASE_URL: "postgres://u@h/d",
      TANDEM_KEY_FILE: "/k",
      TANDEM_CREDENTIALS_FILE: "/c",
      TANDEM_BASE_DOMAIN: "Trunks.Example",
      TANDEM_REALM: "r",
      TANDEM_LINE_POOL: "10.64.0.0/12",
      TANDEM_TOPOLOGY_FILE: "none",
      TANDEM_GATEWAY_TOKENS: `a=${token}, b=${token}=x`,
      TANDEM_NAME_SERVER_TOKENS: `ns1=${token}`,
      TANDEM_CONSOLE_DIRECTORY: "none",
      TANDEM_TRUST_PROXY: "true",
      TANDEM_METRICS_ADDRESS: "10.0.0.1",
      TANDEM_METRICS_PORT: "9464",
      TANDEM_LOG_LEVEL: "debug",
    }),
    {
      dataDirectory: "/d",
      httpAddress: "0.0.0.0",
      httpPort: 0,
      publicUrl: "https://c.test:1",
      databaseUrl: "postgres://u@h/d",
      keyFile: "/k",
      credentialsFile: "/c",
      baseDomain: "trunks.example",
      realm: "r",
      linePool: "10.64.0.0/12",
      topologyFile: "none",
      gatewayTokens: new Map([
        ["a", token],
        ["b", `${token}=x`],
      ]),
      nameServerTokens: new Map([["ns1", token]]),
      consoleDirectory: "none",
      trustProxy: true,
      metrics: { address: "10.0.0.1", port: 9464 },
      logLevel: "debug",
    },
  );
});

const wrong: [name: string, value: string][] = [
  ["TANDEM_HTTP_PORT", "65536"],
  ["TANDEM_HTTP_PORT", "-1"],
  ["TANDEM_HTTP_PORT", "http"],
  ["TANDEM_PUBLIC_URL", "c.test"],
  ["TANDEM_PUBLIC_URL", "https://c.test/path"],
  ["TANDEM_PUBLIC_URL", "ftp://c.test"],
  ["TANDEM_DATABASE_URL", "mysql://h"],
  ["TANDEM_BASE_DOMAIN", "a b"],
  ["TANDEM_BASE_DOMAIN", "a..b"],
  ["TANDEM_BASE_DOMAIN", "-a"],
  ["TANDEM_REALM", 'a"b'],
  ["TANDEM_REALM", "a:b"],
  ["TANDEM_REALM", "a\\b"],
  ["TANDEM_REALM", "é"],
  ["TANDEM_REALM", "x".repeat(256)],
  ["TANDEM_GATEWAY_TOKENS", "name"],
  ["TANDEM_GATEWAY_TOKENS", "=0123456789abcdef"],
  ["TANDEM_GATEWAY_TOKENS", "a=0123456789abcde"],
  ["TANDEM_GATEWAY_TOKENS", `a=${"x".repeat(257)}`],
  ["TANDEM_GATEWAY_TOKENS", `${"n".repeat(65)}=0123456789abcdef`],
  ["TANDEM_GATEWAY_TOKENS_FILE", "/does/not/exist"],
  ["TANDEM_NAME_SERVER_TOKENS", "name"],
  ["TANDEM_NAME_SERVER_TOKENS", "a=0123456789abcde"],
  ["TANDEM_NAME_SERVER_TOKENS_FILE", "/does/not/exist"],
  ["TANDEM_LINE_POOL", "10.0.0.0/7"],
  ["TANDEM_LINE_POOL", "10.0.0.0/29"],
  ["TANDEM_LINE_POOL", "10.0.0.0"],
  ["TANDEM_LINE_POOL", "10.0.0.1/28"],
  ["TANDEM_LINE_POOL", "2001:db8::/28"],
  ["TANDEM_LOG_LEVEL", "loud"],
];

test("a setting that is not usable is refused", () => {
  for (const [name, value] of wrong) {
    assert.throws(() => readConfiguration({ [name]: value }), ConfigurationError, `${name}=${value}`);
  }
  readConfiguration({
    TANDEM_HTTP_PORT: "65535",
    TANDEM_REALM: "x".repeat(255),
    TANDEM_GATEWAY_TOKENS: `a=${"x".repeat(256)}`,
    TANDEM_LINE_POOL: "10.0.0.0/8",
  });
  readConfiguration({ TANDEM_LINE_POOL: "10.0.0.16/28" });
});

test("gateway tokens also come from a file; the variable wins", () => {
  const directory = mkdtempSync(join(tmpdir(), "tandem-tokens-"));
  try {
    const file = join(directory, "tokens.json");
    writeFileSync(file, JSON.stringify({ a: "from-the-file-0123", b: "from-the-file-4567" }));
    const { gatewayTokens } = readConfiguration({
      TANDEM_GATEWAY_TOKENS_FILE: file,
      TANDEM_GATEWAY_TOKENS: "a=from-the-variable-0",
    });
    assert.deepEqual(
      gatewayTokens,
      new Map([
        ["a", "from-the-variable-0"],
        ["b", "from-the-file-4567"],
      ]),
    );
    writeFileSync(file, JSON.stringify({ a: 1 }));
    assert.throws(() => readConfiguration({ TANDEM_GATEWAY_TOKENS_FILE: file }), ConfigurationError);
  } finally {
    rmSync(directory, { recursive: true });
  }
});
