import assert from "node:assert/strict";
import { before, test } from "node:test";
import { StiAuthority, type StiIssued } from "@tandem/stir/testing";
import { stirFiles } from "./stir-files.ts";

let authority: StiAuthority;
let good: StiIssued;
let other: StiIssued;
before(async () => {
  authority = await StiAuthority.create("root");
  good = await authority.issue({ commonName: "good" });
  other = await authority.issue({ commonName: "other" });
});

const signing = { certificateUrl: "https://c.example/1.pem", certificateFile: "c", privateKeyFile: "k" };
const verification = { authoritiesFile: "a", httpsAuthoritiesFile: "h" };

test("what each text means, with everything and with parts of it", () => {
  const all = stirFiles({ signing, verification });
  assert.deepEqual(
    all.parts.map(({ files }) => files),
    [["c", "k"], ["a"], ["h"]],
  );
  assert.equal(all.shown, 1);
  assert.deepEqual(all.valueOf([["1", "2"], ["3"], ["4"]]), {
    privateKey: "2",
    authorities: "3",
    httpsAuthorities: "4",
  });
  const nobody = stirFiles({ verification: { authoritiesFile: "a" } });
  assert.equal(nobody.shown, 0);
  assert.deepEqual(nobody.valueOf([["3"]]), {
    privateKey: undefined,
    authorities: "3",
    httpsAuthorities: undefined,
  });
});

test("a pair that nobody would believe is a fault", async () => {
  const [pair] = stirFiles({ signing }).parts;
  const faultOf = ({ certificate, key }: StiIssued): string | undefined => pair?.faultOf([certificate, key]);
  assert.equal(faultOf(good), undefined);
  assert.equal(faultOf({ certificate: good.certificate + authority.certificate, key: good.key }), undefined);
  assert.match(faultOf({ certificate: good.certificate, key: other.key }) ?? "", /key is not that/);
  assert.match(
    faultOf(await authority.issue({ commonName: "c", curve: "secp384r1" })) ?? "",
    /none for ES256/,
  );
  assert.match(faultOf(await authority.issue({ commonName: "n", entries: [] })) ?? "", /no TNAuthList/);
});

test("authorities that can't be read are a fault", () => {
  const [roots] = stirFiles({ verification }).parts;
  assert.equal(roots?.faultOf([authority.certificate]), undefined);
  assert.match(roots?.faultOf(["nothing"]) ?? "", /no certificate/);
});
