/** A reporter of node:test that writes one JSON line for each test, for the parent process to read. */
import { toTestEvent } from "./test-events.ts";

// node:test takes its reporter from the default export and nowhere else.
// oxlint-disable-next-line import/no-default-export
export default async function* eventReporter(
  source: AsyncIterable<{ type: string; data: unknown }>,
): AsyncGenerator<string> {
  for await (const raw of source) {
    const event = toTestEvent(raw);
    if (event !== undefined) yield `${JSON.stringify(event)}\n`;
  }
}
