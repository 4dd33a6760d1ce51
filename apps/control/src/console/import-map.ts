/** The import map of the console's page: which npm packages its modules may name, and where they are served. */

const vendor = "./vendor/";

/** The text between the tags, to the byte: its hash stands in the policy. Throws when there is none. */
export function importMapOf(html: string): string {
  const text = /<script type="importmap">([^]*?)<\/script>/.exec(html)?.[1];
  if (text === undefined) throw new Error("the page has no import map");
  return text;
}

/** Names of the packages, each once, in the order of the map. Throws for a map that leads elsewhere. */
export function packagesOf(importMap: string): readonly string[] {
  const { imports } = JSON.parse(importMap) as { imports: Record<string, string> };
  return [...new Set(Object.values(imports).map(packageOf))];
}

function packageOf(address: string): string {
  const name = /^((?:@[a-z0-9-]+\/)?[a-z0-9-]+)\//.exec(address.slice(vendor.length))?.[1];
  if (!address.startsWith(vendor) || name === undefined) {
    throw new Error(`the import map leads to ${address}, not to ${vendor}PACKAGE/`);
  }
  return name;
}
