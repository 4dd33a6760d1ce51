/**
 * Parameters of bodies and queries. They arrive as text (`application/x-www-form-urlencoded`), and a route's TypeBox
 * schema says what they mean: `Type.Boolean()` reads `true` and `false`, `Type.Integer()` and `Type.Number()` decimal
 * text, a union with `Type.Null()` reads the empty text as null ("remove the value"), `Type.Array()` takes a repeated
 * key. A repeated key for anything else is an error. Parameters that the schema does not name are ignored.
 */
import type { FastifySchemaCompiler } from "fastify";
import type { TSchema } from "typebox";
import { Compile } from "typebox/compile";
import { ApiError } from "./api-error.ts";

interface PropertySchema {
  readonly type?: string;
  readonly anyOf?: readonly PropertySchema[];
  readonly items?: PropertySchema;
}

/** Compiles a route's schema; Fastify calls it once per route and part of the request. */
export const formValidatorCompiler: FastifySchemaCompiler<TSchema> = ({ schema, httpPart }) => {
  const validator = Compile(schema);
  const properties =
    "properties" in schema ? (schema.properties as Record<string, PropertySchema>) : undefined;
  return (given: unknown) => {
    try {
      const value = properties === undefined ? given : readForm(properties, formOf(given));
      if (validator.Check(value)) return { value };
      return {
        error: httpPart === "params" ? new ApiError("notFound") : firstFault(validator.Errors(value)),
      };
    } catch (error) {
      if (httpPart === "params") return { error: new ApiError("notFound") };
      return { error: error instanceof Error ? error : new ApiError("malformedBody") };
    }
  };
};

/** No body is an empty form; JSON that is no object is none. */
function formOf(given: unknown): object {
  if (given === undefined || given === null) return {};
  if (typeof given !== "object" || Array.isArray(given)) throw new ApiError("malformedBody");
  return given;
}

/** Picks the named parameters out of the form and reads their texts. */
export function readForm(properties: Readonly<Record<string, PropertySchema>>, form: object): object {
  const value: Record<string, unknown> = {};
  for (const [name, schema] of Object.entries(properties)) {
    if (!Object.hasOwn(form, name)) continue;
    value[name] = readParameter(name, schema, (form as Record<string, unknown>)[name]);
  }
  return value;
}

function readParameter(name: string, schema: PropertySchema, given: unknown): unknown {
  if (schema.type === "array") {
    const items = Array.isArray(given) ? given : [given];
    return items.map((item) => readScalar(name, schema.items ?? {}, item));
  }
  if (Array.isArray(given))
    throw new ApiError("invalidParameter", `${name} was given ${given.length} times.`);
  return readScalar(name, schema, given);
}

function readScalar(name: string, schema: PropertySchema, given: unknown): unknown {
  if (typeof given !== "string") return given;
  // PostgreSQL's text holds everything but NUL.
  if (given.includes("\0")) throw new ApiError("invalidParameter", `${name} holds a NUL character.`);
  const alternatives = schema.anyOf ?? [schema];
  if (given === "" && alternatives.some((alternative) => alternative.type === "null")) return null;
  const type = alternatives.find((alternative) => alternative.type !== "null")?.type;
  return (type === undefined ? undefined : readers[type]?.(given)) ?? given;
}

/** Text that none of these can read stays text, and the schema refuses it. */
const readers: Readonly<Record<string, (text: string) => unknown>> = {
  boolean: (text) => ({ true: true, false: false })[text.toLowerCase()],
  integer: (text) => (/^[+-]?\d{1,15}$/.test(text) ? Number(text) : undefined),
  number: (text) => (/^[+-]?\d{1,15}(\.\d{1,15})?$/.test(text) ? Number(text) : undefined),
};

interface Fault {
  readonly instancePath: string;
  readonly message?: string;
  readonly params?: object;
}

/** The first fault names its parameter; `required` faults stand at the root and name it in their params. */
function firstFault(faults: readonly Fault[]): ApiError {
  const fault = faults[0];
  const missing = (fault?.params as { requiredProperties?: readonly string[] } | undefined)
    ?.requiredProperties;
  if (missing !== undefined) return new ApiError("invalidParameter", `${missing.join(", ")} must be given.`);
  const name = fault?.instancePath.split("/")[1] ?? "A value";
  return new ApiError("invalidParameter", `${name} ${fault?.message ?? "is not as the schema says"}.`);
}
