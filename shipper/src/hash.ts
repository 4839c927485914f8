import { sha1 } from "@noble/hashes/legacy.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import type { JournalId } from "pidnap-journal";

// A line a batch is hashed. Node's own module takes 2 MB and 5 ms of every start for that.

/** What stands for a line on the wire: the first 32 hex digits of its SHA-256. @param line without `\n` */
export function lineHash(line: Uint8Array): string {
  return bytesToHex(sha256(line)).slice(0, 32);
}

/** RFC 9562, section 5.5: the same namespace and name always give the same id. */
export function uuidV5(namespace: string, name: string): JournalId {
  const seed = Buffer.concat([
    Buffer.from(namespace.replaceAll("-", ""), "hex"),
    Buffer.from(name, "utf8"),
  ]);
  const bytes = Buffer.from(sha1(seed).subarray(0, 16));
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x50, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = bytes.toString("hex");
  const parts = [0, 8, 12, 16, 20].map((from, index, all) => hex.slice(from, all[index + 1] ?? 32));
  return parts.join("-") as JournalId;
}
