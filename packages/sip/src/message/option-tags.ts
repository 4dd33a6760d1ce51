import type { Message } from "./message.ts";

/** Header fields that hold option tags. */
export type OptionTagField = "Require" | "Proxy-Require" | "Supported" | "Unsupported";

/** Option tags in order, in lower case (RFC 3261 §7.3.1: tokens compare without case), empty elements left out. */
export function optionTagsOf(message: Message, name: OptionTagField): readonly string[] {
  const all: string[] = [];
  for (const tag of message.list(name)) if (tag !== "") all.push(tag.toLowerCase());
  return all;
}

/** Whether the header field holds the option tag, which must be given in lower case. */
export function hasOptionTag(message: Message, name: OptionTagField, optionTag: string): boolean {
  return message.has(name) && optionTagsOf(message, name).includes(optionTag);
}

/** The option tags that the message requires and `understood` lacks, as written: what 420 lists in Unsupported. */
export function unsupportedOptionTags(
  message: Message,
  name: "Require" | "Proxy-Require",
  understood: readonly string[],
): readonly string[] {
  if (!message.has(name)) return [];
  return message.list(name).filter((tag) => tag !== "" && !understood.includes(tag.toLowerCase()));
}
