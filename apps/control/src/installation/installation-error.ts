/** Why control cannot start on this database. */
export class InstallationError extends Error {
  override readonly name = "InstallationError";
  /** `wrong-key`: the key file belongs to another installation; `realm-is-fixed`: credentials depend on the realm. */
  readonly code: "wrong-key" | "realm-is-fixed";

  constructor(code: InstallationError["code"], message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
