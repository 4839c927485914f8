/** A program for tests: a supervisor with a journal attached, until it is told to end. Arguments: directory, configuration. */
import { attachToPidnap, openJournal } from "pidnap-journal";
import { Manager } from "pidnap-fixtures/supervisor/index";

const [dir = "", config = "{}", stopFirst] = process.argv.slice(2);
const quiet = { debug: ignore, info: ignore, warn: ignore, error: ignore };
const journal = await openJournal(dir);
const manager = new Manager(JSON.parse(config) as never, quiet);
attachToPidnap(manager, journal, { pidnapVersion: "0.0.0-test", resources: { intervalMs: 50 } });
await manager.start();
if (stopFirst === "stop-first") await manager.stop(100);
// Something else that keeps the process alive, as pidnap's HTTP server does.
setInterval(ignore, 1000);
process.stdout.write("started\n");

function ignore(): void {
  return undefined;
}
