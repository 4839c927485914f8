import type { JournalId } from "pidnap-journal";

const crypto = process.getBuiltinModule("node:crypto");

/** What stands for a line on the wire: the first 32 hex digits of its SHA-256. @param line without `\n` */
export function lineHash(line: Uint8Array): string {
  return crypto.hash("sha256", line, "hex").slice(0, 32);
}

/** RFC 9562, section 5.5: the same namespace and name always give the same id. */
export function uuidV5(namespace: string, name: string): JournalId {
  const seed = Buffer.concat([
    Buffer.from(namespace.replaceAll("-", ""), "hex"),
    Buffer.from(name, "utf8"),
  ]);
  const bytes = crypto.hash("sha1", seed, "buffer").subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x50, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = bytes.toString("hex");
  const parts = [0, 8, 12, 16, 20].map((from, index, all) => hex.slice(from, all[index + 1] ?? 32));
  return parts.join("-") as JournalId;
}
