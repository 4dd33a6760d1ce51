/** What the console knows of the REST interface, against what the interface says of itself. */
import type { Page } from "playwright-core";

export interface DescribedResource {
  readonly title: string;
  /** Of the list, with the suffix: `{account}/Calls.json`. */
  readonly path: string;
  /** Parameters of its forms and filters. */
  readonly fields: readonly string[];
}

interface Operation {
  readonly parameters?: readonly { readonly name: string; readonly in: string }[];
  readonly requestBody?: {
    readonly content: Readonly<Record<string, { readonly schema: { readonly properties?: object } }>>;
  };
}

export interface OpenApi {
  readonly paths: Readonly<Record<string, { readonly get?: Operation; readonly post?: Operation }>>;
}

/** Every resource that the modules of the console describe, as the browser has loaded them. */
export async function describedResources(page: Page): Promise<readonly DescribedResource[]> {
  const script = `Promise.all(
    performance.getEntriesByType("resource")
      .map((entry) => entry.name)
      .filter((name) => name.includes("/console/src/resources/"))
      .map((name) => import(name)),
  ).then((modules) => modules
    .flatMap((module) => Object.values(module).flat())
    .filter((one) => typeof one === "object" && one !== null && "path" in one && "key" in one)
    .map(({ title, path, suffix = "", fields = [], filters = [] }) => ({
      title,
      path: path + suffix,
      fields: [...fields, ...filters].map(({ name }) => name),
    })))`;
  return (await page.evaluate(script)) as readonly DescribedResource[];
}

/** What the interface takes at a list's path and at those of its objects. */
export function parametersOf({ paths }: OpenApi, path: string): ReadonlySet<string> {
  const list = path.replace("{account}", "/2010-04-01/Accounts/{x}").replaceAll(/\{\w+\}/g, "{x}");
  const one = list.endsWith(".json") ? list.replace(/\.json$/, "/{x}.json") : `${list}/{x}`;
  const operations = Object.entries(paths)
    .filter(([template]) => [list, one].includes(template.replaceAll(/\{\w+\}/g, "{x}")))
    .flatMap(([, { get, post }]) => [get, post]);
  return new Set(operations.flatMap(namesOf));
}

function namesOf(operation: Operation | undefined): readonly string[] {
  const bodies = Object.values(operation?.requestBody?.content ?? {});
  return [
    ...(operation?.parameters ?? []).filter((one) => one.in === "query").map(({ name }) => name),
    ...bodies.flatMap(({ schema }) => Object.keys(schema.properties ?? {})),
  ];
}
