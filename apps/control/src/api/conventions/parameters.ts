/** TypeBox pieces that several routes' parameters are made of. */
import Type, { type TSchema } from "typebox";
import { ErrorEnvelope } from "./error-replies.ts";

/** A SID of that kind in a path; anything else is 404. In a body or query: 400. */
export function SidText(prefix: string) {
  return Type.String({ pattern: `^${prefix}[0-9a-fA-F]{32}$`, minLength: 34, maxLength: 34 });
}

/** The path parameters of a route, `{ TrunkSid: "TK", Sid: "OU" }`. */
export function PathSids<Names extends string>(prefixes: Readonly<Record<Names, string>>) {
  const properties = Object.fromEntries(
    Object.entries<string>(prefixes).map(([name, prefix]) => [name, SidText(prefix)]),
  ) as Record<Names, ReturnType<typeof SidText>>;
  return Type.Object(properties);
}

/** The schema and null; the empty text means null. */
export function Nullable<S extends TSchema>(schema: S) {
  return Type.Union([schema, Type.Null()]);
}

/** One of these texts. */
export function OneOf<const Text extends string>(
  texts: readonly Text[],
  options: { readonly description?: string } = {},
) {
  return Type.Unsafe<Text>({ type: "string", enum: [...texts], ...options });
}

/** An absolute http or https address of at most 2048 characters. */
export const WebUrl = Type.String({ maxLength: 2048, pattern: "^[hH][tT][tT][pP][sS]?://[^\\s/?#][^\\s]*$" });

export const HttpMethod = OneOf(["GET", "POST"]);

/** `response` of a route's schema: the resource on success, the envelope otherwise. */
export function answers<S extends TSchema>(status: 200 | 201 | 202, resource: S) {
  return { [status]: resource, "4xx": ErrorEnvelope, "5xx": ErrorEnvelope };
}

/** `response` of a delete: 204 and an empty body. */
export const answersNothing = {
  204: Type.Null({ description: "Deleted" }),
  "4xx": ErrorEnvelope,
  "5xx": ErrorEnvelope,
};
