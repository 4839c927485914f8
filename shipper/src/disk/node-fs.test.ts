import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { nodeFs } from "./node-fs.ts";

test.runIf(process.platform === "linux")(
  "a named pipe is opened without waiting for its other end",
  async () => {
    const dir = mkdtempSync(join(tmpdir(), "shipper-pipe-"));
    try {
      const path = join(dir, "journal-0000000000000001.ndjson");
      spawnSync("mkfifo", [path]);
      const file = await nodeFs.open(path, "r");
      await expect(file.read(new Uint8Array(8), 0, 8, 0)).rejects.toThrow("ESPIPE");
      await file.close();
    } finally {
      rmSync(dir, { recursive: true, force: true });
    }
  },
);
