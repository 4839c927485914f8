import { exportJWK, generateKeyPair, SignJWT, UnsecuredJWT } from "jose";
import type { CryptoKey, JWK } from "jose";
import { beforeAll, describe, expect, it } from "vitest";
import { authenticateMachine, authenticateViewer } from "./auth.ts";
import type { TokenRules } from "./auth.ts";

const now = 1_800_000_000_000;
const machine = {
  sub: "m1",
  org: "org_a",
  project: "prj_a",
  machineType: "daytona",
  aud: "ingest",
  exp: now / 1000 + 60,
};
const identity = { machine: "m1", org: "org_a", project: "prj_a", machineType: "daytona" };

let first: Signer;
let second: Signer;
let rules: TokenRules;

interface Signer {
  readonly key: CryptoKey;
  readonly jwk: JWK;
}

beforeAll(async () => {
  [first, second] = [await signer("k1"), await signer("k2")];
  rules = { keys: keySet(first, second), revokedMachines: undefined, now };
});

async function signer(kid: string): Promise<Signer> {
  const { privateKey, publicKey } = await generateKeyPair("EdDSA", { extractable: true });
  return { key: privateKey, jwk: { ...(await exportJWK(publicKey)), kid } };
}

function keySet(...signers: readonly Signer[]): string {
  return JSON.stringify({ keys: signers.map(({ jwk }) => jwk) });
}

function sign(claims: object, header: object = {}, key: CryptoKey | Uint8Array = first.key) {
  return new SignJWT({ ...claims })
    .setProtectedHeader({ alg: "EdDSA", kid: "k1", ...header })
    .sign(key);
}

const authenticate = (token: string, more: Partial<TokenRules> = {}) =>
  authenticateMachine(`Bearer ${token}`, { ...rules, ...more });

describe("a machine's token", () => {
  it("says who the machine is", async () => {
    expect(await authenticate(await sign(machine))).toEqual({ kind: "machine", identity });
  });

  it("is good with either of two live keys, and with none that has gone", async () => {
    const old = await sign(machine);
    const fresh = await sign(machine, { kid: "k2" }, second.key);
    for (const token of [old, fresh]) expect(await authenticate(token)).toMatchObject({ identity });
    const keys = keySet(second);
    expect(await authenticate(old, { keys })).toMatchObject({ kind: "bad-token" });
    expect(await authenticate(fresh, { keys })).toMatchObject({ kind: "machine" });
  });

  it.each([
    ["no header", undefined],
    ["an empty one", ""],
    ["another scheme", "Basic bTE6"],
    ["no token", "Bearer "],
    ["two tokens", "Bearer a b"],
  ])("is missing with %s", async (_, header) => {
    expect(await authenticateMachine(header, rules)).toEqual({ kind: "no-token" });
  });

  it.each(["x", "a.b.c", "..", "ey.ey.ey", "💥", "a".repeat(9000)])(
    "is bad where it is %j",
    async (token) => {
      expect(await authenticate(token)).toMatchObject({ kind: "bad-token" });
    },
  );

  it("is bad where another key signed it under this key's name", async () => {
    const token = await sign(machine, {}, second.key);
    expect(await authenticate(token)).toMatchObject({ kind: "bad-token" });
  });

  it("is bad without a key's name, or with one nobody knows", async () => {
    for (const kid of [undefined, "k9", ""]) {
      expect(await authenticate(await sign(machine, { kid }))).toMatchObject({ kind: "bad-token" });
    }
  });

  it("is bad unsigned, and signed with the public key as if it were a secret", async () => {
    const unsigned = new UnsecuredJWT({ ...machine }).encode();
    expect(await authenticate(unsigned)).toMatchObject({ kind: "bad-token" });
    const secret = new TextEncoder().encode(JSON.stringify(first.jwk));
    const confused = await sign(machine, { alg: "HS256" }, secret);
    expect(await authenticate(confused)).toMatchObject({ kind: "bad-token" });
  });

  it("expires, and one that never does is bad", async () => {
    const token = await sign({ ...machine, exp: now / 1000 - 1 });
    expect(await authenticate(token)).toEqual({ kind: "expired-token" });
    const eternal = await sign({ ...machine, exp: undefined });
    expect(await authenticate(eternal)).toMatchObject({ kind: "bad-token" });
  });

  it("is checked anew for what may have changed since it was found good", async () => {
    const token = await sign(machine);
    expect(await authenticate(token)).toMatchObject({ kind: "machine" });
    const later = { now: machine.exp * 1000 };
    expect(await authenticate(token, later)).toEqual({ kind: "expired-token" });
    expect(await authenticate(token, { keys: keySet(second) })).toMatchObject({
      kind: "bad-token",
    });
    expect(await authenticate(token)).toMatchObject({ kind: "machine" });
    expect(await authenticate(`${token.slice(0, -4)}AAAA`)).toMatchObject({ kind: "bad-token" });
    expect(await authenticateViewer(`Bearer ${token}`, rules)).toMatchObject({
      kind: "wrong-audience",
    });
  });

  it("of another kind is told so, but only if it is good", async () => {
    const viewer = await sign({ ...machine, aud: "view" });
    expect(await authenticate(viewer)).toEqual({ kind: "wrong-audience", needed: "ingest" });
    const forged = await sign({ ...machine, aud: "view" }, {}, second.key);
    expect(await authenticate(forged)).toMatchObject({ kind: "bad-token" });
  });

  it.each([
    ["no machine", { sub: undefined }],
    ["an empty machine", { sub: "" }],
    ["a machine of 97 bytes", { sub: `${"m".repeat(95)}ü` }],
    ["no org", { org: undefined }],
    ["an org that is no text", { org: 5 }],
    ["no project", { project: undefined }],
    ["no type", { machineType: undefined }],
  ])("is bad with %s", async (_, claims) => {
    const token = await sign({ ...machine, ...claims });
    expect(await authenticate(token)).toMatchObject({ kind: "bad-token" });
  });

  it("may name a machine with 96 bytes", async () => {
    const sub = `${"m".repeat(94)}ü`;
    expect(await authenticate(await sign({ ...machine, sub }))).toMatchObject({ kind: "machine" });
  });

  it("can be revoked, machine by machine", async () => {
    const token = await sign(machine);
    const revoke = (revokedMachines: string) => authenticate(token, { revokedMachines });
    expect(await revoke('["m1"]')).toEqual({ kind: "revoked-token" });
    expect(await revoke('["m2"]')).toMatchObject({ kind: "machine" });
    expect(await revoke("m1,m2")).toEqual({ kind: "misconfigured" });
  });

  it.each([undefined, "", "{", '{"keys":5}'])("cannot be checked with keys %j", async (keys) => {
    expect(await authenticate(await sign(machine), { keys })).toEqual({ kind: "misconfigured" });
  });
});

describe("a viewer's token", () => {
  it("says whose machines it shows, and takes no machine's in its place", async () => {
    const viewer = await sign({ org: "*", aud: "view", exp: machine.exp });
    expect(await authenticateViewer(`bearer ${viewer}`, rules)).toEqual({
      kind: "viewer",
      viewer: { org: "*" },
    });
    const token = `Bearer ${await sign(machine)}`;
    expect(await authenticateViewer(token, rules)).toEqual({
      kind: "wrong-audience",
      needed: "view",
    });
  });
});
