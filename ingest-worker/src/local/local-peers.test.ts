import { expect, it } from "vitest";
import { MissingPackagesError } from "./errors.ts";
import { requireLocalPeers } from "./local-peers.ts";

const missing = (...names: readonly string[]) => {
  return (name: string) => {
    if (!names.includes(name)) return `/node_modules/${name}/index.js`;
    throw Object.assign(new Error(`Cannot find module '${name}'`), { code: "MODULE_NOT_FOUND" });
  };
};

it("is content where both packages are there", () => {
  expect(() => requireLocalPeers()).not.toThrow();
  expect(() => requireLocalPeers(missing())).not.toThrow();
});

it("says what to install, in the version that this package was tested with", () => {
  expect(() => requireLocalPeers(missing("chdb", "miniflare"))).toThrow(MissingPackagesError);
  expect(() => requireLocalPeers(missing("chdb"))).toThrow(
    expect.objectContaining({
      hint: expect.stringMatching(/`npm install chdb@\d+\.\d+\.\d+`/) as string,
    }),
  );
});

it("does not take a package for missing that hides its main module", () => {
  const hides = () => {
    throw Object.assign(new Error("no export"), { code: "ERR_PACKAGE_PATH_NOT_EXPORTED" });
  };
  expect(() => requireLocalPeers(hides)).not.toThrow();
});
