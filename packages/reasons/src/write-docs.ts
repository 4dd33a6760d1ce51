/** `node write-docs.ts --write` writes docs/reasons.md; without the flag it only says whether the file is current. */
import { readFileSync, writeFileSync } from "node:fs";
import { docsPage } from "./docs-page.ts";

const file = new URL("../../../docs/reasons.md", import.meta.url);

if (process.argv.includes("--write")) {
  writeFileSync(file, docsPage());
} else if (readFileSync(file, "utf8") !== docsPage()) {
  process.stderr.write("docs/reasons.md is out of date: run with --write\n");
  process.exitCode = 1;
}
