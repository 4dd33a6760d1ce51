/**
 * A number that tells one session description from another: FNV-1a over its characters, and its length. Kept instead of the
 * text, which would keep the whole message that it came in.
 */
export function sdpFingerprint(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  }
  return (hash >>> 0) + (text.length & 0xfffff) * 2 ** 32;
}
