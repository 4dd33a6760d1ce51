/** `sourceAddressNotInAccessControlList` → `source-address-not-in-access-control-list`. */
export function kebabCase(camelCase: string): string {
  return camelCase.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
