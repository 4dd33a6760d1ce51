import { ApiError } from "../conventions/api-error.ts";
import { credentialRules } from "../limits.ts";

/** Throws 91106. A colon would shift the parts of HA1; quotes and backslashes would need escapes that PBXs forget. */
export function checkUsername(username: string): void {
  const length = charactersOf(username);
  const isAllowed =
    length >= 1 && length <= credentialRules.maximumUsernameLength && /^[^\p{Cc}:"\\]+$/u.test(username);
  if (!isAllowed) throw new ApiError("invalidUsername");
}

/** Throws 91107: at least 12 characters, a digit, a small and a capital letter; at most 128 characters. */
export function checkPassword(password: string): void {
  const length = charactersOf(password);
  const isStrong =
    length >= credentialRules.minimumPasswordLength &&
    /\d/.test(password) &&
    /\p{Ll}/u.test(password) &&
    /\p{Lu}/u.test(password);
  if (!isStrong) throw new ApiError("weakPassword");
  if (length > credentialRules.maximumPasswordLength) {
    throw new ApiError(
      "invalidParameter",
      `Password has more than ${credentialRules.maximumPasswordLength} characters.`,
    );
  }
}

/** Code points, as people would count most characters; not UTF-16 units. */
function charactersOf(text: string): number {
  return Array.from(text).length;
}
