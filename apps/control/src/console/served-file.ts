/** One file of the console as it goes to a browser. */
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { stripTypeScriptTypes } from "node:module";
import { extname } from "node:path";

export interface ServedFile {
  readonly body: Buffer;
  readonly type: string;
  /** Strong, with its quotes (RFC 9110 §8.8.3). */
  readonly etag: string;
}

const types: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".js": "text/javascript; charset=utf-8",
  ".ts": "text/javascript; charset=utf-8",
};

/** Reads the file; TypeScript loses its types, every other character keeps its line and column. */
export async function readServedFile(file: string): Promise<ServedFile> {
  const extension = extname(file);
  const text = await readFile(file);
  const body = extension === ".ts" ? Buffer.from(stripTypeScriptTypes(text.toString("utf8"))) : text;
  const digest = createHash("sha256").update(body).digest("base64url");
  return { body, type: types[extension] ?? "application/octet-stream", etag: `"${digest}"` };
}

/** Whether the browser has it already (RFC 9110 §13.1.2). */
export function isHeld(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  const held = ifNoneMatch.split(",").map((one) => one.trim().replace(/^W\//, ""));
  return held.includes(etag) || held.includes("*");
}
