/** The two header fields that a trace goes by, read from the text: what is no proper message is traced too. */
const callIdField = /\r\n(?:Call-ID|i)[ \t]*:[ \t]*([^\r\n]*)/i;
const cseqField = /\r\nCSeq[ \t]*:[ \t]*\d+[ \t]+([^\s]+)/i;

export function callIdOf(text: string): string | undefined {
  return callIdField.exec(text)?.[1]?.trimEnd();
}

/** Method of the CSeq: of a response the one that it answers. */
export function methodOf(text: string): string | undefined {
  return cseqField.exec(text)?.[1];
}
