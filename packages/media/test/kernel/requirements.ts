import { existsSync } from "node:fs";

const programs: readonly (readonly [path: string, debianPackage: string])[] = [
  ["/usr/bin/clang", "clang"],
  ["/usr/sbin/bpftool", "bpftool"],
  ["/usr/include/bpf/bpf_helpers.h", "libbpf-dev"],
  ["/usr/sbin/ip", "iproute2"],
];

/** Why the kernel engine can't be tested here; undefined: it can. */
export function missingForKernelTests(): string | undefined {
  if (process.platform !== "linux" || process.getuid?.() !== 0)
    return "network namespaces and eBPF need Linux and root";
  const packages = programs.filter(([path]) => !existsSync(path)).map(([, debianPackage]) => debianPackage);
  return packages.length === 0 ? undefined : `not installed: Debian packages ${packages.join(", ")}`;
}
