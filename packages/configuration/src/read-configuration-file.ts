import { readFileSync } from "node:fs";
import { parse } from "yaml";

/** Whether a file's content is of the schema, and if not, where. */
type Validation<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: string };

/**
 * Reads a configuration file, YAML or JSON.
 * @param faultIn what a schema cannot say
 * @throws Error that names the file and what is wrong in it
 */
export function readConfigurationFile<T>(
  file: string,
  validate: (content: unknown) => Validation<T>,
  faultIn: (configuration: T) => string | undefined = () => undefined,
): T {
  const validated = validate(contentOf(file));
  const fault = validated.ok ? faultIn(validated.value) : validated.error;
  if (!validated.ok || fault !== undefined) throw new Error(`${file}: ${fault}`);
  return validated.value;
}

function contentOf(file: string): unknown {
  try {
    return parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new Error(`${file}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}
