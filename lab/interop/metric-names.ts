/** Families of a metrics text, with the series that a histogram has besides. */
export function namesInText(text: string): ReadonlySet<string> {
  const names = new Set<string>();
  for (const [, name = "", kind] of text.matchAll(/^# TYPE (\S+) (\S+)$/gm)) {
    names.add(name);
    if (kind !== "histogram") continue;
    for (const suffix of ["bucket", "sum", "count"]) names.add(`${name}_${suffix}`);
  }
  return names;
}

/** Metrics that are named in rules or in a dashboard: ours, and those of the process. */
export function namesInExpressions(text: string): ReadonlySet<string> {
  const found = text.matchAll(/\b((?:tandem|process|nodejs)_[a-z0-9_]+)\b/g);
  return new Set(Array.from(found, ([, name = ""]) => name));
}
