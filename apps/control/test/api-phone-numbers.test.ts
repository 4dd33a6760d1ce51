import assert from "node:assert/strict";
import { test } from "node:test";
import { describeOnBothEngines } from "@tandem/database/testing";
import { type ApiHarness, apiHarness, type TestAccount } from "./api-harness.ts";

const application = `AP${"0".repeat(32)}`;

describeOnBothEngines("phone numbers", (open) => {
  async function prepared() {
    const harness = await apiHarness(await open());
    const account = await harness.createAccount();
    const path = `/2010-04-01/Accounts/${account.sid}/IncomingPhoneNumbers`;
    return { harness, account, path };
  }

  async function importNumber(
    harness: ApiHarness,
    account: TestAccount,
    phoneNumber: string,
    form: Record<string, string> = {},
  ) {
    const path = `/2010-04-01/Accounts/${account.sid}/IncomingPhoneNumbers.json`;
    return harness.request(harness.operator, "POST", path, { PhoneNumber: phoneNumber, ...form });
  }

  const numbers: [number: string, expected: number][] = [
    ["+1234567", 201],
    ["+123456", 91108],
    ["+123456789012345", 201],
    ["+1234567890123456", 91108],
    ["+0234567890", 91108],
    ["15551234567", 91108],
    ["+1 555 123 4567", 91108],
    ["+1555123456a", 91108],
    ["911", 91108],
    ["", 91108],
    ["+1234567", 91109],
  ];

  test("only E.164 numbers are imported, each once in the installation", async () => {
    const { harness, account } = await prepared();
    for (const [number, expected] of numbers) {
      const reply = await importNumber(harness, account, number);
      assert.equal(reply.body["code"] ?? reply.status, expected, number);
    }
    const other = await harness.createAccount();
    assert.equal((await importNumber(harness, other, "+1234567")).body["code"], 91109);
    assert.equal(
      (
        await harness.request(
          harness.operator,
          "POST",
          `/2010-04-01/Accounts/${other.sid}/IncomingPhoneNumbers.json`,
          { AreaCode: "510" },
        )
      ).body["code"],
      20001,
    );
  });

  test("importing is the operator's business", async () => {
    const { harness, account, path } = await prepared();
    const parentless = await harness.request(account, "POST", `${path}.json`, {
      PhoneNumber: "+15551234567",
    });
    assert.deepEqual([parentless.status, parentless.body["code"]], [403, 20403]);
    const made = await importNumber(harness, account, "+15551234567");
    assert.deepEqual([made.status, made.body["account_sid"]], [201, account.sid]);
    assert.equal(
      (await harness.request(account, "DELETE", `${path}/${String(made.body["sid"])}.json`)).status,
      204,
    );
  });

  test("filters of the list", async () => {
    const { harness, account, path } = await prepared();
    const trunk = await account.sdk.trunking.v1.trunks.create();
    await importNumber(harness, account, "+14155550100", { FriendlyName: "west", TrunkSid: trunk.sid });
    await importNumber(harness, account, "+14155550199", { FriendlyName: "west" });
    await importNumber(harness, account, "+442071234567", { FriendlyName: "London" });
    const table: [query: string, expected: string[] | number][] = [
      ["", ["+14155550100", "+14155550199", "+442071234567"]],
      ["?FriendlyName=west", ["+14155550100", "+14155550199"]],
      ["?FriendlyName=wes", []],
      ["?PhoneNumber=%2B14155550100", ["+14155550100"]],
      ["?PhoneNumber=%2B1415", ["+14155550100", "+14155550199"]],
      ["?PhoneNumber=%2B415", []],
      ["?PhoneNumber=415", ["+14155550100", "+14155550199"]],
      ["?PhoneNumber=*0199", ["+14155550199"]],
      ["?PhoneNumber=%2B44*07", ["+442071234567"]],
      ["?PhoneNumber=%25", 20001],
      ["?PhoneNumber=_", 20001],
      ["?PhoneNumber=abc", 20001],
      ["?PhoneNumber=", ["+14155550100", "+14155550199", "+442071234567"]],
      [`?TrunkSid=${trunk.sid}`, ["+14155550100"]],
      ["?TrunkSid=x", 20001],
      ["?Beta=true&Origin=twilio", ["+14155550100", "+14155550199", "+442071234567"]],
    ];
    for (const [query, expected] of table) {
      const { body } = await harness.request(account, "GET", `${path}.json${query}`);
      const rows = body["incoming_phone_numbers"] as { phone_number: string }[] | undefined;
      assert.deepEqual(rows?.map((row) => row.phone_number) ?? body["code"], expected, query);
    }
  });

  test("a trunk and a voice application exclude each other", async () => {
    const { harness, account, path } = await prepared();
    const trunk = await account.sdk.trunking.v1.trunks.create();
    const number = await importNumber(harness, account, "+15551234567", { VoiceApplicationSid: application });
    const own = `${path}/${String(number.body["sid"])}.json`;
    const state = async () => {
      const { body } = await harness.request(account, "GET", own);
      return [body["trunk_sid"], body["voice_application_sid"]];
    };
    assert.deepEqual(await state(), [null, application]);
    await harness.request(account, "POST", own, { TrunkSid: trunk.sid });
    assert.deepEqual(await state(), [trunk.sid, null]);
    await harness.request(account, "POST", own, { FriendlyName: "x" });
    assert.deepEqual(await state(), [trunk.sid, null]);
    await harness.request(account, "POST", own, { VoiceApplicationSid: application });
    assert.deepEqual(await state(), [null, application]);
    assert.equal(
      (await harness.request(account, "POST", own, { VoiceApplicationSid: application, TrunkSid: trunk.sid }))
        .body["code"],
      20422,
    );
    const viaTrunk = await harness.request(account, "POST", `/v1/Trunks/${trunk.sid}/PhoneNumbers`, {
      PhoneNumberSid: String(number.body["sid"]),
    });
    assert.deepEqual([viaTrunk.status, viaTrunk.body["voice_application_sid"]], [201, null]);
    assert.deepEqual(await state(), [trunk.sid, null]);
    await harness.request(account, "POST", own, { TrunkSid: "" });
    assert.deepEqual(await state(), [null, null]);
  });

  test("a number is on one trunk at most", async () => {
    const { harness, account, path } = await prepared();
    const [first, second] = [
      await account.sdk.trunking.v1.trunks.create(),
      await account.sdk.trunking.v1.trunks.create(),
    ];
    const number = await importNumber(harness, account, "+15551234567");
    const sid = String(number.body["sid"]);
    const attach = (trunkSid: string) =>
      harness.request(account, "POST", `/v1/Trunks/${trunkSid}/PhoneNumbers`, { PhoneNumberSid: sid });
    assert.equal((await attach(first.sid)).status, 201);
    for (const trunkSid of [first.sid, second.sid]) {
      assert.deepEqual(
        [(await attach(trunkSid)).status, (await attach(trunkSid)).body["code"]],
        [400, 91110],
      );
    }
    for (const method of ["GET", "DELETE"]) {
      assert.equal(
        (await harness.request(account, method, `/v1/Trunks/${second.sid}/PhoneNumbers/${sid}`)).status,
        404,
        method,
      );
    }
    // The number's own resource moves it.
    const moved = await harness.request(account, "POST", `${path}/${sid}.json`, { TrunkSid: second.sid });
    assert.equal(moved.body["trunk_sid"], second.sid);
    assert.equal(
      (await harness.request(account, "GET", `/v1/Trunks/${second.sid}/PhoneNumbers/${sid}`)).status,
      200,
    );
  });

  test("a number moves to a subaccount and leaves its trunk behind", async () => {
    const { harness, account, path } = await prepared();
    const child = await harness.createAccount(account);
    const trunk = await account.sdk.trunking.v1.trunks.create();
    const theirs = await child.sdk.trunking.v1.trunks.create();
    const number = await importNumber(harness, account, "+15551234567", {
      TrunkSid: trunk.sid,
      FriendlyName: "Desk",
    });
    const sid = String(number.body["sid"]);
    const moved = await harness.request(account, "POST", `${path}/${sid}.json`, { AccountSid: child.sid });
    assert.deepEqual(
      [moved.body["account_sid"], moved.body["trunk_sid"], moved.body["friendly_name"]],
      [child.sid, null, "Desk"],
    );
    assert.equal((await harness.request(account, "GET", `${path}/${sid}.json`)).status, 404);
    const back = path.replace(account.sid, child.sid);
    assert.equal(
      (await harness.request(child, "POST", `${back}/${sid}.json`, { AccountSid: account.sid })).status,
      404,
    );
    const returned = await harness.request(account, "POST", `${back}/${sid}.json`, {
      AccountSid: account.sid,
      TrunkSid: trunk.sid,
    });
    assert.deepEqual([returned.body["account_sid"], returned.body["trunk_sid"]], [account.sid, trunk.sid]);
    assert.equal(
      (await harness.request(account, "POST", `${path}/${sid}.json`, { TrunkSid: theirs.sid })).body["code"],
      20001,
    );
  });

  test("parameters that are kept only are shown on both forms", async () => {
    const { harness, account, path } = await prepared();
    const trunk = await account.sdk.trunking.v1.trunks.create();
    const number = await importNumber(harness, account, "+15551234567", { TrunkSid: trunk.sid });
    const given = {
      VoiceUrl: "https://e.test/1",
      VoiceMethod: "GET",
      VoiceFallbackUrl: "https://e.test/2",
      VoiceFallbackMethod: "GET",
      VoiceCallerIdLookup: "true",
      SmsUrl: "https://e.test/3",
      SmsMethod: "GET",
      SmsFallbackUrl: "https://e.test/4",
      SmsFallbackMethod: "GET",
      SmsApplicationSid: application,
      StatusCallback: "https://e.test/5",
      StatusCallbackMethod: "GET",
    };
    const expected = {
      voice_url: "https://e.test/1",
      voice_method: "GET",
      voice_fallback_url: "https://e.test/2",
      voice_fallback_method: "GET",
      voice_caller_id_lookup: true,
      sms_url: "https://e.test/3",
      sms_method: "GET",
      sms_fallback_url: "https://e.test/4",
      sms_fallback_method: "GET",
      sms_application_sid: application,
      status_callback: "https://e.test/5",
      status_callback_method: "GET",
    };
    const sid = String(number.body["sid"]);
    const updated = await harness.request(account, "POST", `${path}/${sid}.json`, given);
    assert.deepEqual({ ...updated.body, ...expected }, updated.body);
    const onTrunk = await harness.request(account, "GET", `/v1/Trunks/${trunk.sid}/PhoneNumbers/${sid}`);
    assert.deepEqual({ ...onTrunk.body, ...expected }, onTrunk.body);
    const cleared = await harness.request(account, "POST", `${path}/${sid}.json`, { VoiceUrl: "" });
    assert.deepEqual([cleared.body["voice_url"], cleared.body["sms_url"]], [null, "https://e.test/3"]);
  });
});
