import { createHash } from "node:crypto";

/**
 * Header fields of every answer below `/console/`. The page may run our own modules and the one import map, talk to
 * where it came from, and nothing more: no frame may hold it, no form is sent by the browser, and no text becomes markup
 * but through lit's templates (Trusted Types).
 */
export function securityHeaders(importMap: string): Readonly<Record<string, string>> {
  const hash = createHash("sha256").update(importMap).digest("base64");
  const policy = [
    "default-src 'none'",
    `script-src 'self' 'sha256-${hash}'`,
    "style-src 'self'",
    "img-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types lit-html",
  ];
  return {
    "Content-Security-Policy": policy.join("; "),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    // Asked for again each time, and answered with 304 while nothing has changed.
    "Cache-Control": "no-cache",
  };
}
