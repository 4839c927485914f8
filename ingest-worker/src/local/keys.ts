import { exportJWK, generateKeyPair } from "jose";
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { makeFolder } from "pidnap-journal";
import { z } from "zod";
import { tokenAlgorithm, type SigningKey } from "../tokens.ts";
import { DataUnusableError, KeysError } from "./errors.ts";
import { parseJson } from "./parse-json.ts";

/** Keys that verify at once: the newest signs, the one before it lets its tokens live on. */
const liveKeys = 2;

const keySchema = z.looseObject({
  kty: z.literal("OKP"),
  crv: z.literal("Ed25519"),
  kid: z.string().min(1),
  x: z.string().min(1),
  d: z.string().min(1),
});
const keySetSchema = z.object({ keys: z.array(keySchema).min(1) });

/** The signing keys of a data directory, the newest first. */
export type KeySet = readonly [SigningKey, ...SigningKey[]];

/** Makes the first key. Throws KeysError where there is one already. */
export async function createKeys(dataDir: string): Promise<KeySet> {
  if (readKeys(dataDir) !== undefined) {
    throw new KeysError(
      `There are signing keys in ${keysPath(dataDir)}.`,
      "Use `pidnap-ingest keys rotate` for a new one beside the old, or remove the file.",
    );
  }
  const keys: KeySet = [await makeKey()];
  writeKeys(dataDir, keys);
  return keys;
}

/** Puts a new key in front and drops all but one of the older ones. Throws KeysError where there is none yet. */
export async function rotateKeys(dataDir: string): Promise<KeySet> {
  const old = requireKeys(dataDir);
  const keys: KeySet = [await makeKey(), ...old.slice(0, liveKeys - 1)];
  writeKeys(dataDir, keys);
  return keys;
}

/** The keys, made where there are none. */
export async function ensureKeys(dataDir: string): Promise<KeySet> {
  return readKeys(dataDir) ?? (await createKeys(dataDir));
}

/** The keys. Throws KeysError where there are none. */
export function requireKeys(dataDir: string): KeySet {
  const keys = readKeys(dataDir);
  if (keys !== undefined) return keys;
  throw new KeysError(
    `There are no signing keys in ${keysPath(dataDir)}.`,
    "Make some with `pidnap-ingest keys new`, start `pidnap-ingest dev`, or name the right --data.",
  );
}

/** What the Worker verifies with: the public halves as a JWKS, one line of JSON. */
export function publicKeySet(keys: KeySet): string {
  const halves = keys.map(({ kty, crv, x, kid }) => {
    return { kty, crv, x, kid, alg: tokenAlgorithm, use: "sig" };
  });
  return JSON.stringify({ keys: halves });
}

async function makeKey(): Promise<SigningKey> {
  const { privateKey } = await generateKeyPair(tokenAlgorithm, {
    crv: "Ed25519",
    extractable: true,
  });
  return { ...(await exportJWK(privateKey)), kid: crypto.randomUUID(), alg: tokenAlgorithm };
}

function readKeys(dataDir: string): KeySet | undefined {
  const path = keysPath(dataDir);
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw new KeysError(`${path} cannot be read.`, "Look at its owner and mode.", error);
  }
  const parsed = keySetSchema.safeParse(parseJson(text));
  if (!parsed.success) {
    throw new KeysError(
      `${path} is not a set of Ed25519 keys.`,
      "Put back the file, or remove it and make new keys: all tokens are void then.",
    );
  }
  const [first, ...rest] = parsed.data.keys;
  return first === undefined ? undefined : [first, ...rest];
}

/** Throws DataUnusableError where the file cannot be written. */
function writeKeys(dataDir: string, keys: KeySet): void {
  const path = keysPath(dataDir);
  const draft = `${path}.${process.pid}`;
  try {
    makeFolder(join(dataDir, "keys"), 0o700);
    writeFileSync(draft, `${JSON.stringify({ keys }, null, 2)}\n`, { mode: 0o600, flush: true });
    renameSync(draft, path);
  } catch (error) {
    throw new DataUnusableError(dataDir, error instanceof Error ? error.message : "", error);
  }
}

function keysPath(dataDir: string): string {
  return join(dataDir, "keys", "signing-keys.json");
}
