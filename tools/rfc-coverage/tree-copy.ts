/** A copy of the tree in which rules may be broken while everybody else goes on with the original. */
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { repositoryFiles } from "../check/repository-files.ts";

/** Packages of this repository: in the copy they must lead into the copy. */
const ownScope = "@tandem";

export class TreeCopy {
  readonly root: string;

  private constructor(root: string) {
    this.root = root;
  }

  /** Copies the files as a commit would hold them. npm packages are those of the original. */
  static of(original: string): TreeCopy {
    const root = mkdtempSync(join(tmpdir(), "tandem-broken-"));
    for (const path of repositoryFiles(original)) {
      mkdirSync(join(root, dirname(path)), { recursive: true });
      cpSync(join(original, path), join(root, path));
    }
    linkPackages(join(original, "node_modules"), join(root, "node_modules"));
    return new TreeCopy(root);
  }

  read(path: string): string {
    return readFileSync(join(this.root, path), "utf8");
  }

  write(path: string, text: string): void {
    writeFileSync(join(this.root, path), text);
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}

function linkPackages(from: string, to: string): void {
  mkdirSync(join(to, ownScope), { recursive: true });
  for (const name of readdirSync(from)) {
    if (name !== ownScope) symlinkSync(join(from, name), join(to, name));
  }
  // npm made them relative ("../../packages/sip"), so the same text leads into the copy.
  for (const name of readdirSync(join(from, ownScope))) {
    symlinkSync(readlinkSync(join(from, ownScope, name)), join(to, ownScope, name));
  }
}
