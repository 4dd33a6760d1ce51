import { tableName } from "../plan/ruleset.ts";

const generation = /^# new generation \d+ by process (\d+)/;

/**
 * Reads `nft monitor`: the changes of a transaction, then a line that says which process made it. Tells when somebody
 * else has changed our table; `nft flush ruleset`, which a restart of the host's firewall does, is the usual case.
 */
export class RulesetEvents {
  readonly #isOurs: (pid: number) => boolean;
  #touchesUs = false;

  constructor(isOurs: (pid: number) => boolean) {
    this.#isOurs = isOurs;
  }

  /** Whether this line ends a transaction of somebody else that touched our table. */
  isForeign(line: string): boolean {
    const end = generation.exec(line);
    if (end === null) {
      this.#touchesUs ||= line.includes(` ${tableName} `) || line.endsWith(` ${tableName}`);
      return false;
    }
    const touched = this.#touchesUs;
    this.#touchesUs = false;
    return touched && !this.#isOurs(Number(end[1]));
  }
}
