import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { knownEnvNames } from "../src/cli/options.ts";
import { parseDurationMs } from "../src/units.ts";
import { BundledCommand } from "./support/command.ts";
import { lineAt, linesOf, transitionAt, writeSegment } from "./support/journal-files.ts";
import { Rig } from "./support/rig.ts";

const examples = join(dirname(fileURLToPath(import.meta.url)), "..", "examples");
const unit = readFileSync(join(examples, "pidnap-shipper.service"), "utf8");

let command: BundledCommand;
let bin: string;
beforeAll(() => {
  command = new BundledCommand();
  bin = mkdtempSync(join(tmpdir(), "shipper-bin-"));
  const script = `#!/bin/sh\nexec '${process.execPath}' '${command.path}' "$@"\n`;
  writeFileSync(join(bin, "pidnap-shipper"), script);
  chmodSync(join(bin, "pidnap-shipper"), 0o755);
});
afterAll(async () => {
  await command.close();
  rmSync(bin, { recursive: true, force: true });
});

/** All values of a key of the unit, in their order. */
function valuesOf(key: string): string[] {
  const lines = unit.split("\n").filter((line) => line.startsWith(`${key}=`));
  return lines.map((line) => line.slice(key.length + 1));
}

test("the unit keeps the shipper small and harmless, and stops it after pidnap and after its drain", () => {
  for (const [key, value] of [
    ["DynamicUser", "yes"],
    ["ProtectSystem", "strict"],
    ["NoNewPrivileges", "yes"],
    ["CapabilityBoundingSet", ""],
    ["Before", "pidnap.service"],
    ["ReadOnlyPaths", "/var/lib/pidnap/journal"],
    ["StateDirectory", "pidnap-shipper"],
  ] as const) {
    expect(valuesOf(key)).toEqual([value]);
  }
  expect(valuesOf("RestrictAddressFamilies")[0]).toContain("AF_INET6");
  expect(valuesOf("SystemCallFilter")[0]).toBe("@system-service");
  const settings = new Map(
    valuesOf("Environment").map((text): [string, string] => {
      const [name = "", value = ""] = text.split("=");
      return [name, value];
    }),
  );
  expect(knownEnvNames()).toEqual(expect.arrayContaining([...settings.keys()]));
  const drainMs = parseDurationMs(settings.get("PIDNAP_SHIPPER_DRAIN") ?? "") ?? Infinity;
  expect(parseDurationMs(valuesOf("TimeoutStopSec")[0] ?? "")).toBeGreaterThan(drainMs + 5_000);
});

const analyze = "/usr/bin/systemd-analyze";

test.runIf(existsSync(analyze))(
  "systemd finds no fault with the unit, and little to attack",
  () => {
    const root = mkdtempSync(join(tmpdir(), "shipper-unit-"));
    try {
      const path = join(root, "pidnap-shipper.service");
      // The command is not installed where the unit looks for it.
      writeFileSync(path, unit.replace("/usr/bin/pidnap-shipper", process.execPath));
      const verified = spawnSync(analyze, ["verify", "--man=no", path], { encoding: "utf8" });
      expect(verified).toMatchObject({ status: 0, stderr: "" });
      const security = ["security", "--offline=true", "--no-pager", "--threshold=20", path];
      expect(spawnSync(analyze, security, { encoding: "utf8" }).status).toBe(0);
    } finally {
      rmSync(root, { recursive: true, force: true });
    }
  },
);

function endIfThere(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It has ended, as it should.
  }
}

/** Stands for pidnap: told to stop, it is silent for longer than a shipper waits, and then writes its last lines. */
const slowPidnap = `
  const { appendFileSync } = require("node:fs");
  process.on("SIGTERM", () => setTimeout(() => {
    appendFileSync(process.env.SEGMENT, process.env.LAST);
    process.exit(7);
  }, 1_500));
  setInterval(() => undefined, 1_000_000);
  process.stdout.write("up");
`;

test("with the script, what pidnap writes last is shipped before the container ends", async () => {
  await using rig = await Rig.create();
  const segment = writeSegment(rig.dir, 1, linesOf(1, 5));
  const last = `${transitionAt(6)}\n${lineAt(7, { type: "machine.stopped" })}\n`;
  mkdirSync(rig.state);
  const env = {
    ...process.env,
    PATH: `${bin}:${process.env["PATH"]}`,
    SEGMENT: segment,
    LAST: last,
    PIDNAP_SHIPPER_DIR: rig.dir,
    PIDNAP_SHIPPER_STATE: rig.state,
    PIDNAP_SHIPPER_URL: rig.server.url,
    PIDNAP_SHIPPER_TOKEN_FILE: rig.tokenFile,
  };
  const shipping = new Promise<void>((resolve) => {
    rig.server.onRequest = () => {
      if (rig.journal.next === 6) resolve();
    };
  });
  const args = [process.execPath, "-e", slowPidnap];
  // A group of its own, to be signalled as a whole, as tini does.
  const script = spawn(join(examples, "with-shipper.sh"), args, { env, detached: true });
  const ended = once(script, "close");
  try {
    await Promise.all([once(script.stdout, "data"), shipping]);
    process.kill(-script.pid!, "SIGTERM");
    expect((await ended)[0]).toBe(7);
    expect(rig.journal.next).toBe(8);
  } finally {
    // Where it went wrong, nothing may stay behind; the shipper is in no group of the script's.
    const { pid } = JSON.parse(readFileSync(join(rig.state, "status.json"), "utf8")) as {
      pid: number;
    };
    for (const left of [-script.pid!, pid]) endIfThere(left);
  }
});
