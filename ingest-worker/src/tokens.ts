import { importJWK, SignJWT, type JWK } from "jose";
import { z } from "zod";

/** The one signature algorithm that is made and accepted: Ed25519, named as JWTs name it. */
export const tokenAlgorithm = "EdDSA";

/** The most bytes of a machine's id: it becomes Analytics Engine's index, which takes no more. */
const maxMachineIdBytes = 96;

const nonEmpty = z.string().min(1);

/** What a machine's token says about the machine. Nothing about it is ever taken from a body. */
export const machineClaimsSchema = z.strictObject({
  machineId: nonEmpty.refine(
    (id) => new TextEncoder().encode(id).length <= maxMachineIdBytes,
    `has more than ${maxMachineIdBytes} bytes`,
  ),
  org: nonEmpty,
  project: nonEmpty,
  machineType: nonEmpty,
  /** Seconds from `now` until the token expires. */
  ttlSeconds: z.int().positive(),
});
export type MachineClaims = z.infer<typeof machineClaimsSchema>;

/** What a viewer's token says: which org's machines it may see; "*" is every org. */
export const viewerClaimsSchema = z.strictObject({
  org: nonEmpty,
  ttlSeconds: z.int().positive(),
});
export type ViewerClaims = z.infer<typeof viewerClaimsSchema>;

/** A private Ed25519 key as a JWK; `kid` tells the verifier which public key to use. */
export type SigningKey = JWK & { kid: string };

/**
 * Signs the token a machine ships with: a JWT whose subject is the machine.
 * `now` is in ms since the epoch. Throws a ZodError for claims the Worker would refuse.
 */
export async function signMachineToken(
  claims: MachineClaims,
  key: SigningKey,
  now: number = Date.now(),
): Promise<string> {
  const { machineId, org, project, machineType, ttlSeconds } = machineClaimsSchema.parse(claims);
  const token = new SignJWT({ org, project, machineType }).setSubject(machineId);
  return sign(token, "ingest", ttlSeconds, key, now);
}

/** Signs the token a person or a dashboard reads with. `now` is in ms since the epoch. */
export async function signViewerToken(
  claims: ViewerClaims,
  key: SigningKey,
  now: number = Date.now(),
): Promise<string> {
  const { org, ttlSeconds } = viewerClaimsSchema.parse(claims);
  return sign(new SignJWT({ org }), "view", ttlSeconds, key, now);
}

async function sign(
  token: SignJWT,
  audience: "ingest" | "view",
  ttlSeconds: number,
  key: SigningKey,
  now: number,
): Promise<string> {
  const issuedAt = Math.floor(now / 1000);
  return token
    .setProtectedHeader({ alg: tokenAlgorithm, kid: key.kid, typ: "JWT" })
    .setAudience(audience)
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + ttlSeconds)
    .sign(await importJWK(key, tokenAlgorithm));
}
