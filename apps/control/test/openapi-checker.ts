/** Checks answers against the public OpenAPI files: each must have all properties of its schema, of the right kind. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { Ajv, type ValidateFunction } from "ajv";
import type { ApiAnswer } from "./sdk-client.ts";

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

interface Operation {
  readonly operationId?: string;
  readonly responses: Readonly<
    Record<string, { readonly content?: Readonly<Record<string, { schema: object }>> }>
  >;
}

interface KnownOperation {
  readonly method: string;
  readonly path: RegExp;
  readonly operationId: string;
  readonly status: string;
  readonly validate: ValidateFunction | undefined;
}

const rfc2822Date =
  /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4} \d\d:\d\d:\d\d \+0000$/;

export class OpenApiChecker {
  readonly #operations: KnownOperation[] = [];

  constructor(fileName: "trunking_v1.json" | "voice_v1.subset.json" | "api_v2010.subset.json") {
    const file = new URL(`openapi/${fileName}`, import.meta.url);
    const document = strict(JSON.parse(readFileSync(file, "utf8"))) as Document;
    const ajv = checker(fileName !== "api_v2010.subset.json");
    ajv.addSchema({ ...document, $id: "file:///openapi" });
    for (const [path, methods] of Object.entries(document.paths)) {
      for (const [method, operation] of Object.entries(methods)) this.#add(ajv, path, method, operation);
    }
  }

  /** Ids of all operations of the file. */
  get operationIds(): string[] {
    return this.#operations.map((operation) => operation.operationId).toSorted();
  }

  /** Fails unless the answer is what the operation's schema says; returns the operation's id. */
  check(answer: ApiAnswer): string {
    const label = `${answer.method} ${answer.path}`;
    const operation = this.#operations.find(
      (one) => one.method === answer.method && one.path.test(answer.path),
    );
    assert.ok(operation, `${label} is no operation of the file`);
    assert.equal(String(answer.status), operation.status, `${label}: ${JSON.stringify(answer.body)}`);
    if (operation.validate === undefined) assert.equal(answer.body, undefined);
    else assert.ok(operation.validate(answer.body), `${label}: ${JSON.stringify(operation.validate.errors)}`);
    return operation.operationId;
  }

  #add(ajv: Ajv, path: string, method: string, operation: Operation): void {
    if (operation.operationId === undefined) return;
    const [status = "", response] = Object.entries(operation.responses)[0] ?? [];
    const schema = Object.values(response?.content ?? {})[0]?.schema;
    this.#operations.push({
      method,
      path: new RegExp(`^${pathPattern(path)}$`),
      operationId: operation.operationId,
      status,
      validate: schema === undefined ? undefined : ajv.compile(absolute(schema) as object),
    });
  }
}

function pathPattern(path: string): string {
  return path
    .replaceAll(".", "\\.")
    .replaceAll("{IsoCode}", "[A-Z]{2}")
    .replace(/\{[A-Z]\w*\}/g, "[A-Z]{2}[0-9a-f]{32}");
}

function checker(isV1: boolean): Ajv {
  const ajv = new Ajv({ strict: false, allErrors: true });
  // Relative addresses stand in `uri` fields of 2010-04-01.
  ajv.addFormat("uri", (text: string) => URL.canParse(text) || (!isV1 && text.startsWith("/2010-04-01/")));
  ajv.addFormat("date-time", /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  ajv.addFormat("date-time-rfc-2822", rfc2822Date);
  ajv.addFormat("http-method", /^(GET|POST)$/);
  ajv.addFormat("iso-country-code", /^[A-Z]{2}$/);
  ajv.addFormat("phone-number", /^\+\d+$/);
  for (const format of ["uri-map", "phone-number-capabilities", "int64"]) ajv.addFormat(format, true);
  return ajv;
}

/** Every property becomes required, and `nullable` without a type (which OpenAPI 3.0 allows) goes. */
function strict(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(strict);
  if (typeof node !== "object" || node === null) return node;
  const copy = Object.fromEntries(Object.entries(node).map(([key, value]) => [key, strict(value)]));
  if (typeof copy["properties"] === "object") copy["required"] = Object.keys(copy["properties"] as object);
  if (copy["type"] === undefined) delete copy["nullable"];
  const values = copy["enum"];
  if (copy["nullable"] === true && Array.isArray(values)) values.push(null);
  return copy;
}

function absolute(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(absolute);
  if (typeof node !== "object" || node === null) return node;
  return Object.fromEntries(
    Object.entries(node).map(([key, value]) => [
      key,
      key === "$ref" ? String(value).replace("#/", "file:///openapi#/") : absolute(value),
    ]),
  );
}
