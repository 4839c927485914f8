import { createLocalJWKSet, exportJWK, generateKeyPair, jwtVerify } from "jose";
import { expect, it } from "vitest";
import { ZodError } from "zod";
import { signMachineToken, signViewerToken, type SigningKey } from "./tokens.ts";

async function makeKey(): Promise<{ key: SigningKey; keys: ReturnType<typeof createLocalJWKSet> }> {
  const pair = await generateKeyPair("EdDSA", { crv: "Ed25519", extractable: true });
  const kid = "one";
  return {
    key: { ...(await exportJWK(pair.privateKey)), kid },
    keys: createLocalJWKSet({ keys: [{ ...(await exportJWK(pair.publicKey)), kid }] }),
  };
}

const claims = { machineId: "m", org: "o", project: "p", machineType: "t", ttlSeconds: 60 };

it("signs what a machine is, for the time it is given", async () => {
  const { key, keys } = await makeKey();
  const now = Date.now();
  const token = await signMachineToken(claims, key, now);
  const { payload, protectedHeader } = await jwtVerify(token, keys, { audience: "ingest" });
  expect(protectedHeader).toMatchObject({ alg: "EdDSA", kid: "one" });
  expect(payload).toEqual({
    sub: "m",
    org: "o",
    project: "p",
    machineType: "t",
    aud: "ingest",
    iat: Math.floor(now / 1000),
    exp: Math.floor(now / 1000) + 60,
  });
});

it("signs a viewer's token, which is no machine's", async () => {
  const { key, keys } = await makeKey();
  const token = await signViewerToken({ org: "*", ttlSeconds: 60 }, key);
  await expect(jwtVerify(token, keys, { audience: "ingest" })).rejects.toThrow(/"aud"/);
  expect((await jwtVerify(token, keys, { audience: "view" })).payload).toMatchObject({ org: "*" });
});

it("refuses claims that no Worker takes", async () => {
  const { key } = await makeKey();
  for (const wrong of [
    { machineId: "" },
    { machineId: "€".repeat(33) },
    { org: "" },
    { ttlSeconds: 0 },
    { admin: true },
  ]) {
    await expect(signMachineToken({ ...claims, ...wrong }, key)).rejects.toThrow(ZodError);
  }
});
