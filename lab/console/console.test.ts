/** The console in a real browser against a real exchange: what an operator does in it. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { Browser, Page } from "playwright-core";
import { waitFor } from "../harness/wait.ts";
import {
  launchBrowser,
  loginPrompts,
  newPage,
  noBrowser,
  openPlace,
  settled,
  sidewaysPixels,
  tabTo,
} from "./browser.ts";
import { ConsoleStage, hostileName } from "./console-stage.ts";
import { describedResources, type OpenApi, parametersOf } from "./described-resources.ts";

const places = [
  "",
  "calls",
  "alerts",
  "explain",
  "captures",
  "accounts",
  "trunks",
  "numbers",
  "caller-ids",
  "access-lists",
  "credential-lists",
  "connections",
  "header-policies",
  "destinations",
  "carriers",
  "gateways",
  "exchange",
  "firewall",
  "api-keys",
  "audit",
];

describe("the console", { skip: noBrowser ?? false }, () => {
  let stage: ConsoleStage;
  let browser: Browser;
  let page: Page;
  let complaints: string[];

  before(async () => {
    [stage, browser] = await Promise.all([ConsoleStage.open(), launchBrowser()]);
    ({ page, complaints } = await newPage(browser));
    await stage.beRefused();
    const call = await stage.talk();
    call.hangUp();
  });
  after(async () => {
    await browser?.close();
    await stage?.close();
  });

  const button = (name: string) => page.getByRole("button", { name, exact: true });
  const dialog = () => page.getByRole("dialog");
  const heading = (name: string) => page.getByRole("heading", { level: 1, name });
  const go = (place: string) => openPlace(page, place);
  const acting = () => page.locator(".acting");
  /** Of the dialog that shows it this once. */
  async function shownSecret(): Promise<string> {
    await dialog().getByText("Keep it now").waitFor();
    await page.keyboard.press("Escape");
    const text = (await dialog().locator("dd code").last().textContent()) ?? "";
    assert.ok(text.length >= 22, text);
    return text;
  }
  async function logIn(username: string, password: string): Promise<void> {
    await page.getByLabel("Account SID").fill(username);
    await page.getByLabel("Auth token").fill(password);
    await button("Log in").click();
  }

  test("a wrong token is refused in words, the right one lets in", async () => {
    const { accountSid, authToken } = stage.exchange.api.credentials;
    const prompts = await loginPrompts(page);
    await page.goto(stage.exchange.controlUrl);
    assert.equal(page.url(), `${stage.exchange.controlUrl}/console/`);
    await logIn(accountSid, "wrong");
    await page.getByText("The SID and the token do not belong together.").waitFor();
    assert.equal(await prompts(), 0, "the browser asks for credentials of its own");
    await logIn(accountSid, authToken);
    await heading("Overview").waitFor();
    await page.reload();
    await heading("Overview").waitFor();
  });

  test("every page is there, wide and narrow, and none scrolls sideways", async () => {
    const objects = await stage.objects();
    for (const width of [1280, 400]) {
      await page.setViewportSize({ width, height: 800 });
      for (const place of [...places, ...objects]) {
        await go(place);
        assert.equal(await page.locator(".banner.fault").count(), 0, `${place} shows a fault`);
        assert.equal(await sidewaysPixels(page), 0, `${place} at ${width} pixels`);
      }
    }
    await page.setViewportSize({ width: 1280, height: 800 });
  });

  test("every parameter of a form is one of the interface's", async () => {
    const document = (await (await fetch(`${stage.exchange.controlUrl}/openapi.json`)).json()) as OpenApi;
    const resources = await describedResources(page);
    assert.ok(resources.length > 20, `${resources.length} resources`);
    for (const { title, path, fields } of resources) {
      const known = parametersOf(document, path);
      const unknown = fields.filter((name) => !known.has(name));
      assert.deepEqual(unknown, [], title);
    }
  });

  test("a trunk is made with the keyboard alone", async () => {
    await go("trunks");
    await tabTo(page, "New trunk");
    await page.keyboard.press("Enter");
    await dialog().locator("input:focus").waitFor();
    await page.keyboard.type("Branch");
    await page.keyboard.press("Tab");
    await page.keyboard.type("branch.pstn.tandem.test");
    await page.keyboard.press("Enter");
    await page.getByRole("link", { name: "Branch" }).waitFor();
    assert.equal(await dialog().count(), 0);
  });

  test("a name that is a script is shown as text", async () => {
    await page.getByRole("link", { name: hostileName }).click();
    await heading(hostileName).waitFor();
    await go("trunks");
  });

  test("an origination URL: what the interface refuses stands at its field; then it is there", async () => {
    await page.getByRole("link", { name: "Branch" }).click();
    await button("New origination URL").click();
    await dialog().getByLabel("Name").fill("PBX");
    await dialog().getByLabel("SIP URL").fill("sip:192.0.2.10");
    await dialog().getByLabel("Weight").fill("0");
    await button("Create").click();
    await dialog().getByRole("alert").waitFor();
    assert.match((await dialog().getByRole("alert").textContent()) ?? "", /^Weight/);
    assert.equal(await dialog().getByLabel("Weight").getAttribute("aria-invalid"), "true");
    assert.equal(await dialog().getByLabel("SIP URL").inputValue(), "sip:192.0.2.10");
    await dialog().getByLabel("Weight").fill("10");
    await button("Create").click();
    await page.getByRole("rowheader", { name: "sip:192.0.2.10" }).waitFor();
  });

  test("a number of the trunk", async () => {
    await go("numbers");
    await button("New number").click();
    await dialog().getByLabel("Number").fill("+12025550177");
    await dialog().getByLabel("Trunk").selectOption({ label: "Branch" });
    await button("Create").click();
    await page.getByRole("rowheader", { name: "+12025550177" }).waitFor();
  });

  test("a trunk goes only when its name was typed", async () => {
    await go("trunks");
    await button("Delete Branch").click();
    assert.equal(await dialog().getByRole("button", { name: "Delete" }).isDisabled(), true);
    await dialog().getByLabel("Type").fill("Branch");
    await dialog().getByRole("button", { name: "Delete" }).click();
    await page.getByRole("link", { name: "Branch" }).waitFor({ state: "detached" });
  });

  test("a call with every attempt, and the reason of one", async () => {
    await go("calls?Status=completed");
    await page.locator("tbody a").first().click();
    const ladder = page.locator(".ladder");
    for (const text of ["503 Service Unavailable", "200 OK", "BYE", "released by the caller"]) {
      await ladder.getByText(text, { exact: true }).first().waitFor();
    }
    await ladder.getByRole("link", { name: "reason 32011" }).click();
    await heading("Code 32011").waitFor();
    await page.getByText("Whose doing it is").waitFor();
  });

  test("a call in progress is ended", async () => {
    const call = await stage.talk();
    await go("calls?Status=in-progress");
    await page.locator("tbody a").first().click();
    await button("Hang up").click();
    await dialog().getByRole("button", { name: "Hang up" }).click();
    await waitFor("the phone to be hung up on", () => call.state === "ended");
    await page.locator(".ladder").getByText("BYE").waitFor();
  });

  test("the SIP messages of the next call: a ladder of both legs, each message in full", async () => {
    await go("captures");
    await button("Capture calls").click();
    await dialog().getByLabel("Number").fill("+12025550122");
    await button("Create").click();
    await dialog().waitFor({ state: "detached" });
    const call = await stage.talk();
    call.hangUp();
    await page.getByRole("link", { name: "+13105550199 → +12025550122" }).click();
    const drawing = page.locator(".sip-ladder svg");
    for (const text of ["gateway-1", "INVITE (SDP)", "503 Service Unavailable", "200 OK (BYE)"]) {
      await drawing.getByText(text, { exact: true }).first().waitFor();
    }
    const first = page.locator(".messages details").first();
    await first.locator("summary").click();
    await first.getByText("Call-ID:").waitFor();
    assert.equal(await sidewaysPixels(page), 0);
  });

  test("a dry run says which stage refuses, from facts and from an INVITE", async () => {
    await go("explain");
    const form = page.locator("tandem-form:not([hidden])");
    await form.getByLabel("Source address").fill("192.0.2.99");
    await form.getByLabel("From", { exact: true }).fill("+12025550122");
    await form.getByLabel("To", { exact: true }).fill("+14155550100");
    await form.getByLabel("Host").fill(stage.exchange.terminationHost("headquarters"));
    await form.getByRole("button", { name: "Explain" }).click();
    await page.getByRole("heading", { name: "The call would be refused" }).waitFor();
    await page.getByLabel("A pasted INVITE").check();
    await form.getByLabel("Source address").fill("127.2.21.11");
    await form.getByLabel("INVITE", { exact: false }).last().fill(invite(stage));
    await form.getByRole("button", { name: "Explain" }).click();
    await page.getByRole("heading", { name: "The call would be carried" }).waitFor();
  });

  test("a private line is activated", async () => {
    await go(`connections/${stage.line.sid}`);
    await button("Activate").click();
    await dialog().getByRole("button", { name: "Activate" }).click();
    await button("Show").click();
    await page.getByRole("region", { name: "Secrets" }).getByText("Pre-shared key").waitFor();
    await page.getByRole("region", { name: "Transitions" }).getByText("in-transition").first().waitFor();
  });

  test("a kind of numbers of a country is opened", async () => {
    await go("destinations?IsoCode=GB");
    await button("Open special numbers United Kingdom").click();
    await dialog().getByRole("button", { name: "Open special numbers" }).click();
    await button("Close special numbers United Kingdom").waitFor();
  });

  test("a customer is made; its token is shown once", async () => {
    await go("accounts");
    await button("New account").click();
    await dialog().getByLabel("Name").fill("Bakery");
    await button("Create").click();
    const token = await shownSecret();
    await button("I have kept it").click();
    await page.getByRole("rowheader", { name: "Bakery" }).waitFor();
    assert.equal(await page.getByText(token).count(), 0);
    await button("Close Bakery").click();
    assert.equal(
      await dialog().getByRole("button", { name: "Close", exact: true }).last().isDisabled(),
      true,
    );
    await button("Cancel").click();
  });

  test("acting for the customer: its trunks and no others, and everybody sees it", async () => {
    await button("Act for Bakery").click();
    await acting().getByText("Bakery").waitFor();
    await go("trunks");
    assert.equal(await page.getByRole("link", { name: "Headquarters" }).count(), 0);
    await button("New trunk").click();
    await dialog().getByLabel("Name", { exact: true }).fill("Ovens");
    await button("Create").click();
    await page.getByRole("link", { name: "Ovens" }).click();
    await heading("Ovens").waitFor();
    await page.reload();
    await heading("Ovens").waitFor();
    await acting().getByText("Bakery").waitFor();
    await page.getByLabel("Acting for").selectOption(stage.exchange.api.credentials.accountSid);
    await page.getByRole("link", { name: "Headquarters" }).waitFor();
    assert.equal(await acting().count(), 0);
    assert.equal(await page.getByRole("link", { name: "Ovens" }).count(), 0);
    await page.getByLabel("Acting for").selectOption({ label: "Bakery" });
    await page.getByRole("link", { name: "Ovens" }).waitFor();
    await go("accounts");
    await heading("Not found").waitFor();
  });

  test("a key reads the keys and does not write them; logging out ends the acting", async () => {
    await button("Log out").click();
    const { accountSid, authToken } = stage.exchange.api.credentials;
    await logIn(accountSid, authToken);
    await heading("Overview").waitFor();
    assert.equal(await acting().count(), 0);
    await go("api-keys");
    await button("New API key").click();
    await dialog().getByLabel("Name").fill("Billing");
    await button("Create").click();
    const secret = await shownSecret();
    const sid = (await dialog().locator("dd code").first().textContent()) ?? "";
    await button("I have kept it").click();
    await button("Log out").click();
    await logIn(sid, secret);
    await heading("Overview").waitFor();
    await go("api-keys");
    await page.getByRole("rowheader", { name: "Billing" }).waitFor();
    assert.equal(await button("New API key").count(), 0);
    assert.equal(await button("Delete Billing").count(), 0);
  });

  test("a customer's account has no pages of the operator; logging out forgets it", async () => {
    await button("Log out").click();
    const { api } = stage.exchange;
    const account = await api.post("/2010-04-01/Accounts.json", { FriendlyName: "Customer" });
    await logIn(account.sid, String(account["auth_token"]));
    await heading("Overview").waitFor();
    for (const name of ["Carriers", "Accounts"]) {
      assert.equal(await page.getByRole("link", { name }).count(), 0, name);
    }
    assert.equal(await page.getByLabel("Acting for").count(), 0);
    await settled(page);
    assert.equal(await page.locator(".banner.fault").count(), 0);
    await go("carriers");
    await heading("Not found").waitFor();
    await button("Log out").click();
    await page.getByLabel("Account SID").waitFor();
    assert.equal(await page.evaluate("sessionStorage.length"), 0);
  });

  test("the browser had nothing to complain of", () => assert.deepEqual(complaints, []));
});

function invite({ exchange }: ConsoleStage): string {
  return [
    `INVITE sip:+14155550100@${exchange.terminationHost("headquarters")} SIP/2.0`,
    "Via: SIP/2.0/UDP 127.2.21.11:5080;branch=z9hG4bK-console",
    "Max-Forwards: 70",
    "From: <sip:+12025550122@127.2.21.11>;tag=1",
    `To: <sip:+14155550100@${exchange.terminationHost("headquarters")}>`,
    "Call-ID: console",
    "CSeq: 1 INVITE",
    "Contact: <sip:127.2.21.11:5080>",
    "Content-Length: 0",
  ].join("\n");
}
