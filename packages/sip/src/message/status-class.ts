/** 1xx. */
export function isProvisional(statusCode: number): boolean {
  return statusCode >= 100 && statusCode < 200;
}

/** 2xx to 6xx. */
export function isFinal(statusCode: number): boolean {
  return statusCode >= 200 && statusCode < 700;
}

/** 2xx. */
export function isSuccess(statusCode: number): boolean {
  return statusCode >= 200 && statusCode < 300;
}
