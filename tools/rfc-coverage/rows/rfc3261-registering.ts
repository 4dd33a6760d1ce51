/** RFC 3261 §10.2: REGISTER, with carriers that want it. */
import type { CoverageRow } from "../coverage-row.ts";

export const rows: readonly CoverageRow[] = [
  {
    section: "10.2",
    level: "MUST NOT",
    sentence:
      'The Request-URI names the domain of the location service: the "userinfo" and "@" components of the SIP URI MUST NOT be present.',
    code: "apps/gateway/src/registration/register-writer.ts",
    line: "user: undefined, password: undefined,",
    breaks: "",
    test: "apps/gateway/src/registration/carrier-registration.test.ts",
    name: "a Request-URI of a registrar has no user; URIs may be written without their scheme",
  },
  {
    section: "10.2",
    level: "MUST",
    sentence: "To: the address-of-record whose registration is to be created MUST be a SIP URI or SIPS URI.",
    code: "apps/gateway/src/registration/register-writer.ts",
    line: "this.#addressOfRecord = sipUriOf(options.addressOfRecord)",
    breaks: "this.#addressOfRecord = options.addressOfRecord",
    test: "apps/gateway/src/registration/carrier-registration.test.ts",
    name: "a Request-URI of a registrar has no user; URIs may be written without their scheme",
  },
  {
    section: "10.2",
    level: "SHOULD",
    sentence:
      "All registrations from a UAC SHOULD use the same Call-ID header field value for registrations sent to a particular registrar.",
    code: "apps/gateway/src/registration/register-writer.ts",
    line: '"Call-ID", this.#callId',
    breaks: '"Call-ID", newCallId()',
    test: "apps/gateway/src/registration/carrier-registration.test.ts",
    name: "registered: it is told once, and refreshed after 80 to 90 % of what was granted",
  },
  {
    section: "10.2",
    level: "MUST",
    sentence: "A UA MUST increment the CSeq value by one for each REGISTER request with the same Call-ID.",
    code: "apps/gateway/src/registration/register-writer.ts",
    line: "this.#sequenceNumber += 1;",
    breaks: "this.#sequenceNumber += 2;",
    test: "apps/gateway/src/registration/carrier-registration.test.ts",
    name: "REGISTER goes to the registrar, for the address-of-record, with our Contact on the carriers' interface",
  },
  {
    section: "10.2",
    level: "rule",
    sentence:
      "From: the address-of-record of the person responsible for the registration; the same as To unless the request is a third-party registration.",
    code: "apps/gateway/src/registration/register-writer.ts",
    line: '"From", `<${this.#addressOfRecord}>;tag',
    breaks: '"From", `<${this.#requestUri}>;tag',
    test: "apps/gateway/src/registration/carrier-registration.test.ts",
    name: "REGISTER goes to the registrar, for the address-of-record, with our Contact on the carriers' interface",
  },
  {
    section: "10.2",
    level: "MUST NOT",
    sentence:
      "UAs MUST NOT send a new registration until they have received a final response from the registrar for the previous one or the previous REGISTER request has timed out.",
    deviation:
      "Kept but for one case: a gateway that closes while a REGISTER is under way removes the binding at once. It has two seconds for it, and waiting would leave a binding to an address that nobody serves; CSeq keeps the order.",
  },
  {
    section: "10.2",
    level: "rule",
    sentence:
      "The next registration goes out when the previous one has its final response and the time to refresh has come.",
    code: "apps/gateway/src/registration/carrier-registration.ts",
    line: "    this.#facts = undefined;\n    this.#failures = 0;",
    breaks: "    this.#failures = 0;\n    this.#beginRound();",
    test: "apps/gateway/src/registration/carrier-registration.test.ts",
    name: "registered: it is told once, and refreshed after 80 to 90 % of what was granted",
  },
  {
    section: "10.2.1.1",
    level: "rule",
    sentence:
      'There are two ways in which a client can suggest an expiration interval for a binding: through an Expires header field or an "expires" Contact header parameter.',
    code: "apps/gateway/src/registration/register-writer.ts",
    line: '.append("Expires", String(expiresSeconds))',
    breaks: '.append("X-Expires", String(expiresSeconds))',
    test: "apps/gateway/src/registration/carrier-registration.test.ts",
    name: "REGISTER goes to the registrar, for the address-of-record, with our Contact on the carriers' interface",
  },
  {
    section: "10.2.2",
    level: "SHOULD",
    sentence:
      'A UA requests the immediate removal of a binding by specifying an expiration interval of "0"; UAs SHOULD support this mechanism.',
    code: "apps/gateway/src/registration/carrier-registration.ts",
    line: "this.#requestedSeconds = 0;",
    breaks: "",
    test: "apps/gateway/src/registration/carrier-registration.test.ts",
    name: "close removes the binding, answers a challenge on the way, and is idempotent",
  },
  {
    section: "10.2.2",
    level: "MUST NOT",
    sentence:
      'The REGISTER-specific Contact header field value of "*" MUST NOT be used unless the Expires header field is present with a value of "0": we name our own binding always.',
    code: "apps/gateway/src/registration/register-writer.ts",
    line: '.append("Contact", `<${contactUri}>`)',
    breaks: '.append("Contact", "*")',
    test: "apps/gateway/src/registration/carrier-registration.test.ts",
    name: "REGISTER goes to the registrar, for the address-of-record, with our Contact on the carriers' interface",
  },
  {
    section: "10.2.4",
    level: "rule",
    sentence:
      "The UA compares each contact address in the 2xx to see if it created the contact address, using comparison rules in Section 19.1.4.",
    code: "apps/gateway/src/registration/register-verdict.ts",
    line: "uriEquals(one.addrSpec, facts.contactUri)",
    breaks: "one.addrSpec === facts.contactUri",
    test: "apps/gateway/src/registration/register-verdict.test.ts",
    name: "our binding is found by the rules for URIs, not by its letters (RFC 3261 §10.2.4, §19.1.4)",
  },
  {
    section: "10.2.4",
    level: "rule",
    sentence:
      "If so, it updates the expiration time interval according to the expires parameter or, if absent, the Expires field value.",
    code: "apps/gateway/src/registration/register-verdict.ts",
    line: 'seconds(binding?.parameters.get("expires")) ?? seconds(response.value("Expires"))',
    breaks: 'seconds(response.value("Expires"))',
    test: "apps/gateway/src/registration/register-verdict.test.ts",
    name: "granted time: expires of our binding",
  },
  {
    section: "10.2.4",
    level: "rule",
    sentence:
      "The UA then issues a REGISTER request for each of its bindings before the expiration interval has elapsed.",
    code: "apps/gateway/src/registration/carrier-registration.ts",
    line: "(0.8 + random() * 0.1)",
    breaks: "(1.8 + random() * 0.1)",
    test: "apps/gateway/src/registration/carrier-registration.test.ts",
    name: "registered: it is told once, and refreshed after 80 to 90 % of what was granted",
  },
  {
    section: "10.2.7",
    level: "SHOULD NOT",
    sentence:
      "If the transaction layer returns a timeout error because the REGISTER yielded no response, the UAC SHOULD NOT immediately re-attempt a registration to the same registrar.",
    code: "apps/gateway/src/registration/carrier-registration.ts",
    line: "Math.max(backOffMs * (0.5 + random() / 2), atLeastMs)",
    breaks: "atLeastMs",
    test: "apps/gateway/src/registration/carrier-registration.test.ts",
    name: "failures: the wait doubles from 5 s to 5 min, with jitter; the third raises one alert",
  },
  {
    section: "10.2.8",
    level: "MAY",
    sentence:
      "If a UA receives a 423 (Interval Too Brief) response to a registration request, it MAY retry the registration after making the expiration interval equal to or greater than that within the Min-Expires header field.",
    code: "apps/gateway/src/registration/register-verdict.ts",
    line: 'return { kind: "raise", seconds: minimum }',
    breaks: 'return { kind: "raise", seconds: facts.requestedSeconds }',
    test: "apps/gateway/src/registration/register-verdict.test.ts",
    name: "423 with Min-Expires: 1800",
  },
];
