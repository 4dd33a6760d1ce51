/** What opens media or an account to who reads it: keys of SDES, passwords of ICE, answers to digest challenges. */
const secrets = /(\binline:|\ba=ice-pwd:|\bresponse[ \t]*=[ \t]*")([^\s"|]+)/gi;

/** The same message with each secret as so many `x`: its length, and what stands around it, stay. */
export function hideSecrets(text: string): string {
  return text.replace(secrets, (_whole, name: string, secret: string) => name + "x".repeat(secret.length));
}
