import { parseDurationMs } from "../durations.ts";
import { startDev } from "../dev.ts";
import { readFolder, readPort } from "./options.ts";

/** Runs the local server until SIGINT or SIGTERM; a second signal ends it at once. */
export async function runDev(options: {
  port: string;
  data: string;
  silentAfter: string;
}): Promise<void> {
  const ended = untilSignal();
  const dev = await startDev({
    port: readPort(options.port),
    dataDir: readFolder(options.data),
    silentAfterMs: parseDurationMs(options.silentAfter, "--silent-after"),
    now: Date.now,
    log: (line) => process.stderr.write(`${new Date().toISOString()} ${line}\n`),
  });
  process.stdout.write(`${JSON.stringify({ url: dev.url, sqlUrl: dev.sqlUrl, ready: true })}\n`);
  await ended;
  await dev.close();
}

function untilSignal(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) {
      let seen = false;
      process.on(signal, () => {
        if (seen) process.exit(1);
        seen = true;
        resolve();
      });
    }
  });
}
