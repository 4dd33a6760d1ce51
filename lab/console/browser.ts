/** A browser for the tests of the console: Debian's Chromium, driven by playwright-core. */
import { existsSync } from "node:fs";
import { type Browser, chromium, type Page } from "playwright-core";

const executablePath = "/usr/bin/chromium";

/** Why the console cannot be tested here; undefined: it can. */
export const noBrowser: string | undefined = existsSync(executablePath)
  ? undefined
  : `there is no ${executablePath}: install Debian's package chromium`;

/** A click or a text that takes longer has failed. */
const waitMs = 20_000;

export function launchBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath,
    args: [
      "--headless",
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}

export interface WatchedPage {
  readonly page: Page;
  /** What the browser complained of: faults of scripts, violations of the policy, dialogs of its own. */
  readonly complaints: string[];
}

export async function newPage(browser: Browser, width = 1280): Promise<WatchedPage> {
  const context = await browser.newContext({ viewport: { width, height: 800 }, reducedMotion: "reduce" });
  const page = await context.newPage();
  page.setDefaultTimeout(waitMs);
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(`fault: ${error.message}`));
  page.on("dialog", (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on("console", (message) => {
    const isRefusal = /status of 4\d\d/.test(message.text());
    if (["error", "warning"].includes(message.type()) && !isRefusal) complaints.push(message.text());
  });
  return { page, complaints };
}

/** Goes to a place of the console, as if its address had been typed, and waits until everything there is read. */
export async function openPlace(page: Page, place: string): Promise<void> {
  await page.evaluate(`new Promise((resolve) => {
    const wanted = "#/" + ${JSON.stringify(place)};
    if (location.hash === wanted) return resolve();
    addEventListener("hashchange", () => requestAnimationFrame(resolve), { once: true });
    location.hash = wanted;
  })`);
  await settled(page);
}

/** Waits until nothing of the page is still being read. */
export async function settled(page: Page): Promise<void> {
  await page.locator("main h1").first().waitFor();
  await page.locator('main [aria-busy="true"]').first().waitFor({ state: "detached" });
}

/** How much wider than the window the page is; 0: it does not scroll sideways. */
export function sidewaysPixels(page: Page): Promise<number> {
  return page.evaluate(
    "document.documentElement.scrollWidth - document.documentElement.clientWidth",
  ) as Promise<number>;
}

/** Goes on with the tab key until the focus is on the button, as somebody without a mouse does. */
export async function tabTo(page: Page, name: string): Promise<void> {
  for (let presses = 0; presses < 60; presses += 1) {
    await page.keyboard.press("Tab");
    const focused = (await page.evaluate("document.activeElement?.textContent.trim()")) as string | undefined;
    if (focused === name) return;
  }
  throw new Error(`the tab key does not lead to ${name}`);
}

/**
 * Watches whether the browser would ask its user for a name and a password. The returned function ends that and says how
 * often it would have.
 */
export async function loginPrompts(page: Page): Promise<() => Promise<number>> {
  const devTools = await page.context().newCDPSession(page);
  let prompts = 0;
  devTools.on("Fetch.requestPaused", ({ requestId }) => {
    void devTools.send("Fetch.continueRequest", { requestId });
  });
  devTools.on("Fetch.authRequired", ({ requestId }) => {
    prompts += 1;
    const authChallengeResponse = { response: "CancelAuth" } as const;
    void devTools.send("Fetch.continueWithAuth", { requestId, authChallengeResponse });
  });
  await devTools.send("Fetch.enable", { handleAuthRequests: true });
  return async () => {
    await devTools.detach();
    return prompts;
  };
}
