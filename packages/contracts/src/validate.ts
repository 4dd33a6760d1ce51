import type { Static, TSchema } from "typebox";
import { Compile } from "typebox/compile";

export type Validation<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: string };

/** Compiles a schema once into a check that says where a value is wrong. */
export function validator<S extends TSchema>(schema: S): (value: unknown) => Validation<Static<S>> {
  const compiled = Compile(schema);
  return (value) => {
    if (compiled.Check(value)) return { ok: true, value: value as Static<S> };
    const first = compiled.Errors(value)[0];
    return {
      ok: false,
      error: `${first?.instancePath || "/"}: ${first?.message ?? "not as the schema says"}`,
    };
  };
}
