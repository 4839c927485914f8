import { messageOf } from "./message.ts";
import { runUntilStopped } from "./run-until-stopped.ts";
import { readSettings } from "./settings.ts";

/** The runner: what `pidnap-shipper run` becomes, with nothing loaded that a command line needs. */
try {
  const settings = readSettings(process.argv[2]);
  await runUntilStopped(settings);
} catch (error) {
  process.stderr.write(`${messageOf(error)}\n`);
  process.exitCode = 1;
}
