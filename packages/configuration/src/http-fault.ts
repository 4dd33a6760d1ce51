/** What is wrong with a URL that must be http or https; undefined: nothing. `where`: the path to it in the configuration. */
export function httpFault(where: string, url: string): string | undefined {
  const protocol = URL.parse(url)?.protocol;
  return protocol === "http:" || protocol === "https:"
    ? undefined
    : `${where}: ${url} is no http or https URL`;
}
