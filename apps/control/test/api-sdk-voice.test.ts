import assert from "node:assert/strict";
import { test } from "node:test";
import { describeOnBothEngines } from "@tandem/database/testing";
import { apiHarness } from "./api-harness.ts";
import { OpenApiChecker } from "./openapi-checker.ts";

const switchesOf = (country: {
  readonly lowRiskNumbersEnabled: boolean;
  readonly highRiskSpecialNumbersEnabled: boolean;
  readonly highRiskTollfraudNumbersEnabled: boolean;
}) => [
  country.lowRiskNumbersEnabled,
  country.highRiskSpecialNumbersEnabled,
  country.highRiskTollfraudNumbersEnabled,
];

describeOnBothEngines("dialing permissions by the unmodified SDK", (open) => {
  test("drives all operations of Voice v1 about them, and each answer fits its public schema", async () => {
    const harness = await apiHarness(await open());
    const { sdk } = await harness.createAccount();
    const { dialingPermissions } = sdk.voice.v1;

    const britain = await dialingPermissions.countries("GB").fetch();
    assert.deepEqual([britain.isoCode, britain.name, britain.continent], ["GB", "United Kingdom", "EUROPE"]);
    assert.deepEqual(britain.countryCodes, ["+44"]);
    assert.deepEqual(switchesOf(britain), [true, false, false]);
    const all = await dialingPermissions.countries.list();
    assert.equal(all.length, new Set(all.map((country) => country.isoCode)).size);
    assert.ok(all.length > 240 && all.every((country) => country.lowRiskNumbersEnabled));

    const prefixes = await dialingPermissions.countries("GB").highriskSpecialPrefixes.list();
    assert.deepEqual(
      prefixes.map(({ prefix }) => prefix),
      ["+4470", "+449"],
    );

    const updated = await dialingPermissions.bulkCountryUpdates.create({
      updateRequest: JSON.stringify([
        { iso_code: "GB", high_risk_special_numbers_enabled: "true" },
        { iso_code: "CU", low_risk_numbers_enabled: "false" },
      ]),
    });
    assert.equal(updated.updateCount, 2);
    assert.deepEqual(switchesOf(await dialingPermissions.countries("GB").fetch()), [true, true, false]);
    assert.deepEqual(switchesOf(await dialingPermissions.countries("CU").fetch()), [false, false, false]);

    const settings = await dialingPermissions.settings().fetch();
    assert.equal(settings.dialingPermissionsInheritance, false);
    const kept = await dialingPermissions.settings().update({ dialingPermissionsInheritance: false });
    assert.equal(kept.dialingPermissionsInheritance, false);

    const checker = new OpenApiChecker("voice_v1.subset.json");
    const seen = new Set(harness.answers.map((answer) => checker.check(answer)));
    assert.deepEqual([...seen].toSorted(), checker.operationIds);
  });

  test("each filter narrows the list, pages go through it once", async () => {
    const harness = await apiHarness(await open());
    const { sdk } = await harness.createAccount();
    const { countries, bulkCountryUpdates } = sdk.voice.v1.dialingPermissions;
    await bulkCountryUpdates.create({
      updateRequest: JSON.stringify([
        {
          iso_code: "JE",
          high_risk_special_numbers_enabled: true,
          high_risk_tollfraud_numbers_enabled: true,
        },
        { iso_code: "CU", low_risk_numbers_enabled: false },
      ]),
    });
    const codes = async (filters: Parameters<typeof countries.list>[0]) =>
      (await countries.list(filters)).map((country) => country.isoCode);
    assert.deepEqual(await codes({ isoCode: "FR" }), ["FR"]);
    assert.deepEqual(await codes({ continent: "ANTARCTICA" }), ["AQ"]);
    assert.deepEqual(await codes({ countryCode: "+44" }), ["GB", "GG", "IM", "JE"]);
    assert.deepEqual(await codes({ countryCode: "7" }), ["KZ", "RU"]);
    assert.deepEqual(await codes({ lowRiskNumbersEnabled: false }), ["CU"]);
    assert.deepEqual(await codes({ highRiskSpecialNumbersEnabled: true }), ["JE"]);
    assert.deepEqual(await codes({ highRiskTollfraudNumbersEnabled: true }), ["JE"]);
    assert.deepEqual(await codes({ isoCode: "FR", continent: "ASIA" }), []);
    const inPages = await codes({ pageSize: 7 });
    assert.deepEqual(inPages, await codes({ pageSize: 1000 }));
  });

  test("one request may set all switches of all countries", async () => {
    const harness = await apiHarness(await open());
    const { sdk } = await harness.createAccount();
    const { countries, bulkCountryUpdates } = sdk.voice.v1.dialingPermissions;
    const all = await countries.list();
    const updates = all.map(({ isoCode }) => ({
      iso_code: isoCode,
      low_risk_numbers_enabled: "false",
      high_risk_special_numbers_enabled: "false",
      high_risk_tollfraud_numbers_enabled: "false",
    }));
    const updated = await bulkCountryUpdates.create({ updateRequest: JSON.stringify(updates) });
    assert.equal(updated.updateCount, all.length);
    const off = await countries.list({ lowRiskNumbersEnabled: false });
    assert.equal(off.length, all.length);
  });

  test("what is no country, and what is no request", async () => {
    const harness = await apiHarness(await open());
    const account = await harness.createAccount();
    for (const path of ["Countries/ZZ", "Countries/gb", "Countries/ZZ/HighRiskSpecialPrefixes"]) {
      assert.equal(
        (await harness.request(account, "GET", `/v1/DialingPermissions/${path}`)).status,
        404,
        path,
      );
    }
    const before = await harness.snapshotVersion();
    for (const form of [{}, { UpdateRequest: "" }, { UpdateRequest: '[{"iso_code":"ZZ"}]' }]) {
      const path = "/v1/DialingPermissions/BulkCountryUpdates";
      const reply = await harness.request(account, "POST", path, form as Record<string, string>);
      assert.deepEqual([reply.status, reply.body["code"]], [400, 20001]);
    }
    assert.equal(await harness.snapshotVersion(), before);
  });

  test("a subaccount inherits until it says otherwise", async () => {
    const harness = await apiHarness(await open());
    const parent = await harness.createAccount();
    const child = await harness.createAccount(parent);
    const update = (low: boolean) => ({
      updateRequest: JSON.stringify([{ iso_code: "CU", low_risk_numbers_enabled: low }]),
    });
    const { bulkCountryUpdates, settings, countries } = child.sdk.voice.v1.dialingPermissions;
    await parent.sdk.voice.v1.dialingPermissions.bulkCountryUpdates.create(update(false));
    assert.equal((await settings().fetch()).dialingPermissionsInheritance, true);
    assert.equal((await countries("CU").fetch()).lowRiskNumbersEnabled, false);
    await assert.rejects(bulkCountryUpdates.create(update(true)), { code: 91118, status: 409 });

    await settings().update({ dialingPermissionsInheritance: false });
    assert.equal((await countries("CU").fetch()).lowRiskNumbersEnabled, true);
    await bulkCountryUpdates.create({
      updateRequest: JSON.stringify([{ iso_code: "FR", low_risk_numbers_enabled: false }]),
    });
    assert.equal((await countries("FR").fetch()).lowRiskNumbersEnabled, false);
    const ofParent = await parent.sdk.voice.v1.dialingPermissions.countries("FR").fetch();
    assert.equal(ofParent.lowRiskNumbersEnabled, true);

    await settings().update({ dialingPermissionsInheritance: true });
    assert.equal((await countries("FR").fetch()).lowRiskNumbersEnabled, true);
    const alone = parent.sdk.voice.v1.dialingPermissions.settings();
    await assert.rejects(alone.update({ dialingPermissionsInheritance: true }), { code: 20001, status: 400 });
  });

  test("an account may be opened, and closed again", async () => {
    const harness = await apiHarness(await open());
    const account = await harness.createAccount();
    const { countries } = account.sdk.voice.v1.dialingPermissions;
    for (const [preset, special] of [
      ["open", true],
      ["protected", false],
    ] as const) {
      const form = { DialingPermissionsDefault: preset };
      const reply = await harness.request(account, "POST", "/v1/Settings", form);
      assert.equal(reply.status, 202);
      assert.deepEqual(reply.body["tandem"], { dialing_permissions_default: preset });
      assert.deepEqual(switchesOf(await countries("GB").fetch()), [true, special, special]);
    }
    const wrong = await harness.request(account, "POST", "/v1/Settings", { DialingPermissionsDefault: "x" });
    assert.equal(wrong.status, 400);
  });
});
