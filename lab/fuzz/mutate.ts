import type { Random } from "./random.ts";

const numbers = [
  "0",
  "-1",
  "1",
  "65535",
  "65536",
  "2147483647",
  "4294967295",
  "4294967296",
  "99999999999999999999",
  "1e9",
  "00",
];

type Mutation = (
  input: string,
  random: Random,
  corpus: readonly string[],
  dictionary: readonly string[],
) => string;

const put = (input: string, at: number, removed: number, text: string): string =>
  input.slice(0, at) + text + input.slice(at + removed);

const mutations: readonly Mutation[] = [
  // A bit of a byte.
  (input, random) => {
    const at = random.below(input.length + 1);
    const code = (input.charCodeAt(at) || 0) ^ (1 << random.below(8));
    return put(input, at, 1, String.fromCharCode(code & 0xff));
  },
  // Any byte in place of one, or more.
  (input, random) =>
    put(input, random.below(input.length + 1), random.below(2), String.fromCharCode(random.below(256))),
  // A piece less.
  (input, random) => put(input, random.below(input.length + 1), 1 + random.below(1 + random.below(64)), ""),
  // A piece twice, or very often.
  (input, random) => {
    const at = random.below(input.length + 1);
    const piece = input.slice(at, at + 1 + random.below(32));
    return put(input, at, 0, piece.repeat(random.below(16) === 0 ? random.below(500) : 1 + random.below(3)));
  },
  // A word.
  (input, random, _corpus, dictionary) =>
    put(input, random.below(input.length + 1), random.below(2) * random.below(12), random.of(dictionary)),
  // A number at the edge of something.
  (input, random) => {
    const found = [...input.matchAll(/\d+/g)];
    if (found.length === 0) return input + random.of(numbers);
    const match = random.of(found);
    return put(input, match.index, match[0].length, random.of(numbers));
  },
  // The beginning of one and the end of another.
  (input, random, corpus) => {
    const other = random.of(corpus);
    return input.slice(0, random.below(input.length + 1)) + other.slice(random.below(other.length + 1));
  },
  // Two lines change places.
  (input, random) => {
    const lines = input.split("\r\n");
    const one = random.below(lines.length);
    const other = random.below(lines.length);
    [lines[one], lines[other]] = [lines[other] ?? "", lines[one] ?? ""];
    return lines.join("\r\n");
  },
  // Cut short.
  (input, random) => input.slice(0, random.below(input.length + 1)),
];

/** An input like one of the corpus, but for one to four changes. */
export function mutate(
  input: string,
  random: Random,
  corpus: readonly string[],
  dictionary: readonly string[],
  maximumBytes: number,
): string {
  let mutated = input;
  for (let changes = 1 + random.below(4); changes > 0; changes -= 1) {
    mutated = random.of(mutations)(mutated, random, corpus, dictionary);
  }
  return mutated.slice(0, maximumBytes);
}
