import { parseDurationMs } from "../durations.ts";
import { startDev } from "../dev.ts";
import { readFolder, readPort, readRate } from "./options.ts";

/** The command's options as they were typed. */
export interface DevArguments {
  readonly port: string;
  readonly data: string;
  readonly silentAfter: string;
  readonly sampleAbove?: string;
  readonly lenientSql?: boolean;
}

/** Runs the local server until SIGINT or SIGTERM; a second signal ends it at once. */
export async function runDev(options: DevArguments): Promise<void> {
  const ended = untilSignal();
  const dev = await startDev({
    port: readPort(options.port),
    dataDir: readFolder(options.data),
    silentAfterMs: parseDurationMs(options.silentAfter, "--silent-after"),
    ...(options.sampleAbove !== undefined && {
      sampleAbove: readRate(options.sampleAbove, "--sample-above"),
    }),
    lenientSql: options.lenientSql === true,
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
