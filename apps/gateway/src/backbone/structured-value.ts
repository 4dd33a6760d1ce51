/**
 * The value of our own header fields between gateways: `name=value;name=value`, values percent-encoded, no name twice.
 * One text for one content: what was signed is the text as it stands.
 */
export const maximumStructuredCharacters = 8192;
export const maximumStructuredMembers = 32;

export type StructuredMember = readonly [name: string, value: string | number | undefined];

/** Members without a value are left out. */
export function writeStructured(members: readonly StructuredMember[]): string {
  const parts: string[] = [];
  for (const [name, value] of members) {
    if (value !== undefined) parts.push(`${name}=${encode(String(value))}`);
  }
  return parts.join(";");
}

/** The members; undefined: malformed, too long, or a name stands twice. */
export function readStructured(text: string): ReadonlyMap<string, string> | undefined {
  if (text.length > maximumStructuredCharacters) return undefined;
  const parts = text.split(";");
  if (parts.length > maximumStructuredMembers) return undefined;
  const members = new Map<string, string>();
  for (const part of parts) {
    const equals = part.indexOf("=");
    const name = part.slice(0, equals);
    const value = decode(part.slice(equals + 1));
    if (equals < 1 || value === undefined || members.has(name)) return undefined;
    members.set(name, value);
  }
  return members;
}

/** Everything but letters, digits and what stands in addresses and SIDs; latin1, as our texts are. */
function encode(value: string): string {
  return value.replace(/[^A-Za-z0-9.:+_[\]-]/g, (character) => {
    return `%${(character.charCodeAt(0) & 255).toString(16).padStart(2, "0")}`;
  });
}

function decode(text: string): string | undefined {
  if (!/^(?:[A-Za-z0-9.:+_[\]-]|%[0-9a-f]{2})*$/.test(text)) return undefined;
  return text.replace(/%([0-9a-f]{2})/g, (_escape, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
}
