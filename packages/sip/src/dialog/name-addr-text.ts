import type { NameAddr } from "../message/index.ts";

/** A From or To value as written, but for its tag: what a dialog keeps as local or remote URI (RFC 3261 §12.1). */
export function withoutTag(nameAddr: NameAddr): string {
  const { parameters } = nameAddr;
  let text = head(nameAddr);
  for (let i = 0; i < parameters.count; i++) {
    if (!parameters.isNamed(i, "tag")) text += `;${parameters.textOf(i)}`;
  }
  return text;
}

/** Display name and URI as written; header field parameters follow behind. */
function head({ text, displayName, addrSpec }: NameAddr): string {
  if (displayName === undefined && text.charCodeAt(0) !== 0x3c) return addrSpec;
  const bracket = text.indexOf("<", endOfQuotes(text));
  return text.slice(0, text.indexOf(">", bracket) + 1);
}

/** A quoted display name may hold brackets of its own. */
function endOfQuotes(text: string): number {
  if (text.charCodeAt(0) !== 0x22) return 0;
  let at = 1;
  while (at < text.length && text.charCodeAt(at) !== 0x22) at += text.charCodeAt(at) === 0x5c ? 2 : 1;
  return at;
}
