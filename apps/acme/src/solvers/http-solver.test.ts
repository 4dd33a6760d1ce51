import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import { HttpSolver } from "./http-solver.ts";

const challenge = { domain: "a.test", token: "token-1", proof: "token-1.thumbprint" };

test("it answers the challenge and nothing else, and listens no longer than there is one", async () => {
  const solver = new HttpSolver("127.0.0.1", 0);
  await solver.add(challenge);
  await solver.add({ domain: "b.test", token: "token-2", proof: "second" });
  const base = `http://127.0.0.1:${solver.port}`;
  const get = async (path: string, method = "GET"): Promise<string> => {
    const response = await fetch(`${base}${path}`, { method });
    return `${response.status} ${await response.text()}`;
  };
  const place = "/.well-known/acme-challenge/";
  assert.equal(await get(`${place}token-1`), "200 token-1.thumbprint");
  assert.equal(await get(`${place}token-2`), "200 second");
  for (const path of ["/", place, `${place}token-3`, `${place}../token-1/x`, "/token-1"]) {
    assert.equal(await get(path), "404 ", path);
  }
  assert.equal(await get(`${place}token-1`, "POST"), "404 ");
  await solver.remove(challenge);
  assert.equal(await get(`${place}token-1`), "404 ");
  await solver.remove({ ...challenge, token: "token-2" });
  await assert.rejects(fetch(base));
  assert.equal(solver.port, undefined);
});

test("a port that is taken is told, and can be had later", async () => {
  const other = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => other.once("listening", resolve));
  const { port } = other.address() as AddressInfo;
  const solver = new HttpSolver("127.0.0.1", port);
  await assert.rejects(solver.add(challenge), /EADDRINUSE/);
  await new Promise((resolve) => other.close(resolve));
  await solver.add(challenge);
  assert.equal(solver.port, port);
  await solver.remove(challenge);
});
