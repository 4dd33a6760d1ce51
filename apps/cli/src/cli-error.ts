/** Something the user can read and act on: printed without a stack, exit code 1. */
export class CliError extends Error {
  override readonly name = "CliError";
}
