import { readFileSync } from "node:fs";

/** Bits of capabilities(7). CAP_SYS_ADMIN stands for CAP_BPF and CAP_PERFMON, as in kernels before 5.8. */
const capabilities = { CAP_NET_ADMIN: 12n, CAP_SYS_ADMIN: 21n, CAP_PERFMON: 38n, CAP_BPF: 39n } as const;

/** Which capability this process lacks for the kernel engine; undefined: none. */
export function missingPrivilege(status: string = ownStatus()): string | undefined {
  const effective = /^CapEff:\s*([0-9a-f]+)$/m.exec(status)?.[1];
  if (effective === undefined) return "Linux";
  const set = BigInt(`0x${effective}`);
  const has = (name: keyof typeof capabilities): boolean => ((set >> capabilities[name]) & 1n) === 1n;
  const needed = has("CAP_SYS_ADMIN")
    ? (["CAP_NET_ADMIN"] as const)
    : (["CAP_BPF", "CAP_NET_ADMIN", "CAP_PERFMON"] as const);
  return needed.find((name) => !has(name));
}

function ownStatus(): string {
  try {
    return readFileSync("/proc/self/status", "utf8");
  } catch {
    return "";
  }
}
