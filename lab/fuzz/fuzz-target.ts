/** What a fuzzer throws inputs at. An input is text whose characters are bytes. */
export interface FuzzTarget {
  /** kebab-case; `./tandem fuzz NAME`. */
  readonly name: string;
  /** Parts of the file URLs whose blocks count as coverage. */
  readonly sources: readonly string[];
  /** Where it begins. */
  readonly seeds: readonly string[];
  /** Words that mean something to what is tested. */
  readonly dictionary: readonly string[];
  readonly maximumBytes: number;
  /** Throws when something does that may not, or what must hold does not. */
  readonly run: (input: string) => void;
}
