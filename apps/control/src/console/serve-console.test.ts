import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import fastify, { type FastifyInstance } from "fastify";
import { ConsoleFilesError, readConsoleFiles, shippedConsoleDirectory } from "./console-files.ts";
import { serveConsole } from "./serve-console.ts";

const { files, importMap } = readConsoleFiles(shippedConsoleDirectory);
let application: FastifyInstance;

before(() => {
  application = fastify();
  serveConsole(application, { files, importMap });
});
after(() => application.close());

function get(url: string, headers: Record<string, string> = {}) {
  return application.inject({ method: "GET", url, headers });
}

test("a person's browser is led to the console, a client of the interface is not", async () => {
  const led = await get("/", { accept: "text/html,application/xhtml+xml" });
  assert.deepEqual([led.statusCode, led.headers.location], [302, "/console/"]);
  assert.equal((await get("/", { accept: "application/json" })).statusCode, 404);
  assert.equal((await get("/")).statusCode, 404);
  assert.equal((await get("/console")).headers.location, "/console/");
});

test("every file that is listed is served, under a strict policy and with a type that browsers take", async () => {
  const hash = createHash("sha256").update(importMap).digest("base64");
  for (const path of files.keys()) {
    const { statusCode, headers } = await get(`/console/${path}`);
    assert.equal(statusCode, 200, path);
    assert.match(String(headers["content-type"]), /^(text\/(html|css|javascript)|image\/svg)/, path);
    assert.equal(headers["x-content-type-options"], "nosniff");
    assert.match(
      String(headers["content-security-policy"]),
      /^default-src 'none'; script-src 'self' 'sha256-/,
    );
    assert.ok(String(headers["content-security-policy"]).includes(`'sha256-${hash}'`));
    assert.doesNotMatch(String(headers["content-security-policy"]), /unsafe|\*/);
  }
});

test("the page is at the folder's address, with or without a query", async () => {
  const page = await get("/console/");
  assert.equal(page.body, (await get("/console/index.html?x=1")).body);
  assert.match(page.body, /<tandem-console>/);
});

test("modules have lost their types, and every line is where it was", async () => {
  const { body } = await get("/console/src/api/console-login.ts");
  assert.match(body, /export function readConsoleLogin\(storage {2,}\)/);
  assert.doesNotMatch(body, /interface ConsoleLogin|: boolean/);
});

test("what the browser has is not sent again", async () => {
  const etag = String((await get("/console/style/base.css")).headers.etag);
  assert.match(etag, /^"[\w-]{43}"$/);
  for (const held of [etag, `W/${etag}`, `"x", ${etag}`, "*"]) {
    const { statusCode, body } = await get("/console/style/base.css", { "if-none-match": held });
    assert.deepEqual([statusCode, body], [304, ""], held);
  }
  assert.equal((await get("/console/style/base.css", { "if-none-match": '"x"' })).statusCode, 200);
});

const notServed = [
  "package.json",
  "tsconfig.json",
  "src/api/console-login.test.ts",
  "src/",
  "src",
  "../control/src/main.ts",
  "src/../package.json",
  "%2e%2e/control/package.json",
  "src%2fmain.ts",
  "vendor/lit/package.json",
  "vendor/lit/../../fastify/fastify.js",
  "vendor/fastify/fastify.js",
  "vendor/lit/development/index.js",
  "vendor/lit-html/node/lit-html.js",
];
for (const path of notServed) {
  test(`${path} is not served`, async () => assert.equal((await get(`/console/${path}`)).statusCode, 404));
}

test("modules that the page imports are all there", async () => {
  for (const path of [...files.keys()].filter((name) => name.startsWith("src/"))) {
    const { body } = await get(`/console/${path}`);
    for (const [, specifier = ""] of body.matchAll(/^import\b(?:[^"]*\bfrom)? *"([^"]+)"/gm)) {
      const address = specifier.startsWith(".")
        ? new URL(specifier, `http://x/${path}`).pathname.slice(1)
        : `vendor/${specifier === "lit" ? "lit/index.js" : specifier}`;
      assert.ok(files.has(address), `${path} imports ${specifier}`);
    }
  }
});

test("a directory without a console says so", () => {
  const directory = mkdtempSync(join(tmpdir(), "tandem-console-"));
  try {
    assert.throws(() => readConsoleFiles(directory), ConsoleFilesError);
    writeFileSync(join(directory, "index.html"), "<p>nothing</p>");
    assert.throws(() => readConsoleFiles(directory), /cannot serve the console in .*no import map/);
  } finally {
    rmSync(directory, { recursive: true });
  }
});
