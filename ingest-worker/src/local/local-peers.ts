import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { MissingPackagesError } from "./errors.ts";
import { packageJsonPath } from "./package-files.ts";

/**
 * Makes sure that what only the local server needs is there: whoever just mounts the Worker does
 * without the 700 MB of ClickHouse and workerd, so that they are optional peers of this package.
 *
 * @param resolve finds an installed package, or throws
 * @throws MissingPackagesError that says what to install
 */
export function requireLocalPeers(
  resolve: (name: string) => string = createRequire(import.meta.url).resolve,
): void {
  const missing = Object.entries(peerVersions()).filter(([name]) => !isInstalled(name, resolve));
  if (missing.length > 0) {
    throw new MissingPackagesError(missing.map(([name, version]) => `${name}@${version}`));
  }
}

function peerVersions(): Readonly<Record<string, string>> {
  const { peerDependencies } = JSON.parse(readFileSync(packageJsonPath, "utf8")) as {
    readonly peerDependencies: Readonly<Record<string, string>>;
  };
  return peerDependencies;
}

function isInstalled(name: string, resolve: (name: string) => string): boolean {
  try {
    resolve(name);
    return true;
  } catch (error) {
    // A package that is there, but hides what was asked for, is there.
    return !(error instanceof Error && "code" in error && error.code === "MODULE_NOT_FOUND");
  }
}
