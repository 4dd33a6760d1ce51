import assert from "node:assert/strict";
import { test } from "node:test";
import { importMapOf, packagesOf } from "./import-map.ts";

test("the import map is what stands between its tags, to the byte", () => {
  const html = '<script type="importmap">\n {"imports":{}} </script><script type="module" src="x"></script>';
  assert.equal(importMapOf(html), '\n {"imports":{}} ');
  assert.throws(() => importMapOf("<script>1</script>"), /no import map/);
});

test("packages are named once, in the order of the map, with their scope", () => {
  const map = {
    imports: { a: "./vendor/a/index.js", "a/": "./vendor/a/", "@x/b": "./vendor/@x/b/b.js" },
  };
  assert.deepEqual(packagesOf(JSON.stringify(map)), ["a", "@x/b"]);
});

for (const address of ["https://cdn.example/lit.js", "./vendor/../src/", "./vendor/x.js", "/vendor/a/a.js"]) {
  test(`a map that leads to ${address} is refused`, () => {
    assert.throws(() => packagesOf(JSON.stringify({ imports: { a: address } })), /import map leads to/);
  });
}
