/** Finds the text that a row cites in its source file. */

/** Where the text stands; a sentence says why it can not be cited. */
export function locateLine(source: string, text: string): { readonly line: number } | string {
  if (text.trim() === "") return "the cited text is empty";
  const at = source.indexOf(text);
  if (at < 0) return `no longer holds "${text}"`;
  if (source.indexOf(text, at + 1) >= 0) return `holds "${text}" more than once`;
  return { line: source.slice(0, at).split("\n").length };
}

/** The source with the cited text replaced, which stands in it once. */
export function plant(source: string, text: string, replacement: string): string {
  const at = source.indexOf(text);
  return source.slice(0, at) + replacement + source.slice(at + text.length);
}
