/**
 * `ip -force -batch -` goes on after a line that fails, and writes the kernel's message and then `Command failed -:7`.
 * Returns each failed command with its message.
 */
export function batchErrors(stderr: string, lines: readonly string[]): readonly string[] {
  const errors: string[] = [];
  let message: string[] = [];
  for (const line of stderr.split("\n")) {
    const failed = /^Command failed -:(\d+)$/.exec(line.trim());
    if (failed === null) {
      if (line.trim() !== "") message.push(line.trim());
      continue;
    }
    const command = lines[Number(failed[1]) - 1] ?? `line ${failed[1]} of a batch`;
    errors.push(`ip ${command}: ${message.length === 0 ? "no message" : message.join("; ")}`);
    message = [];
  }
  if (message.length > 0) errors.push(`ip -batch: ${message.join("; ")}`);
  return errors;
}
