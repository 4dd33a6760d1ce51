/** Serves the web console (`apps/console`) as static files. */
export { readConsoleFiles, shippedConsoleDirectory } from "./console-files.ts";
export { serveConsole } from "./serve-console.ts";
