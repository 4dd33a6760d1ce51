/** Why control cannot start on this database. */
export class InstallationError extends Error {
  override readonly name = "InstallationError";
  /**
   * `wrong-key`: the key file belongs to another installation; `realm-is-fixed`: credentials depend on the realm;
   * `line-pool-unusable`: connections do not fit in it.
   */
  readonly code: "wrong-key" | "realm-is-fixed" | "line-pool-unusable";

  constructor(code: InstallationError["code"], message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
