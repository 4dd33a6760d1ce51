import type { CarrierRow, CarrierValues } from "@tandem/database";
import { ApiError } from "../conventions/api-error.ts";
import type { CarrierParameters } from "../routes/carrier-resource.ts";
import { checkAddressOfRecord, checkCarrierUrl } from "./carrier-url.ts";
import { codecsOf } from "./codecs.ts";
import { readFailoverOverrides } from "./failover-overrides.ts";
import { tlsPeerValuesOf } from "./tls-peer.ts";

const defaultRegistrationSeconds = 3600;

/**
 * Columns of a carrier from the parameters of a create (`current` undefined) or an update. `seal` encrypts the
 * password. Throws when user and password, or the parts of the registration, do not go together.
 */
export function carrierValuesOf(
  body: CarrierParameters,
  current: CarrierRow | undefined,
  seal: (password: string) => Uint8Array,
): CarrierValues {
  return {
    friendly_name: body.FriendlyName,
    enabled: body.Enabled,
    source_policy: body.SourcePolicy,
    first_response_seconds: body.FirstResponseSeconds,
    progress_seconds: body.ProgressSeconds,
    ring_seconds: body.RingSeconds,
    failover_overrides:
      body.FailoverOverrides === undefined ? undefined : readFailoverOverrides(body.FailoverOverrides),
    ...tlsPeerValuesOf(body, current),
    codecs: codecsOf(body.Codecs),
    identity: body.Identity,
    ...credentialValues(body, current, seal),
    ...registrationValues(body, current),
  };
}

function credentialValues(
  body: CarrierParameters,
  current: CarrierRow | undefined,
  seal: (password: string) => Uint8Array,
): Pick<CarrierValues, "username" | "password_encrypted"> {
  const { Username: username, Password: password } = body;
  if (username === null) {
    if (typeof password === "string") refuse("Password needs a Username.");
    return { username: null, password_encrypted: null };
  }
  if (password === null) refuse("Password may not be empty; an empty Username removes both.");
  const hadUsername = typeof current?.username === "string";
  if (username === undefined && password !== undefined && !hadUsername) refuse("Password needs a Username.");
  if (username !== undefined && password === undefined && !hadUsername) refuse("Username needs a Password.");
  return { username, password_encrypted: password === undefined ? undefined : seal(password) };
}

function registrationValues(
  body: CarrierParameters,
  current: CarrierRow | undefined,
): Pick<CarrierValues, "registrar_url" | "address_of_record" | "registration_expires_seconds"> {
  const { RegistrarUrl, AddressOfRecord, RegistrationExpiresSeconds } = body;
  if (RegistrarUrl === null) {
    return { registrar_url: null, address_of_record: null, registration_expires_seconds: null };
  }
  const given = [RegistrarUrl, AddressOfRecord, RegistrationExpiresSeconds];
  if (given.every((value) => value === undefined)) return {};
  const registrarUrl = RegistrarUrl ?? current?.registrar_url;
  const addressOfRecord = AddressOfRecord ?? current?.address_of_record;
  if (typeof registrarUrl !== "string" || typeof addressOfRecord !== "string") {
    return refuse("A registration needs RegistrarUrl and AddressOfRecord; an empty RegistrarUrl removes it.");
  }
  checkCarrierUrl(registrarUrl);
  checkAddressOfRecord(addressOfRecord);
  return {
    registrar_url: registrarUrl,
    address_of_record: addressOfRecord,
    registration_expires_seconds: RegistrationExpiresSeconds ?? keptExpiry(current),
  };
}

function keptExpiry(current: CarrierRow | undefined): number {
  return current?.registration_expires_seconds ?? defaultRegistrationSeconds;
}

function refuse(particulars: string): never {
  throw new ApiError("validationFailed", particulars);
}
