/** `2015-01-02T11:23:45Z`: dates of the v1 resources, whole seconds. */
export function iso8601(date: Date): string {
  return `${date.toISOString().slice(0, 19)}Z`;
}

/** `Thu, 30 Jul 2015 20:00:00 +0000`: dates of the 2010-04-01 resources (RFC 2822 §3.3). */
export function rfc2822(date: Date): string {
  return date.toUTCString().replace("GMT", "+0000");
}
