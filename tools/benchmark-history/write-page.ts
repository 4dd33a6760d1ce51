/** `node tools/benchmark-history/write-page.ts`: draws the charts of benchmarks/README.md from the recorded results. */
import { join } from "node:path";
import { writePage } from "./page.ts";

writePage(join(import.meta.dirname, "..", ".."));
