import { faultOf } from "./fault.ts";

/**
 * Makes a receiver that has gone away (`| head`) the end, not an error, whatever is being written to it:
 * help too. What was found until then still decides how the command exits.
 */
export function endWithReceiver(stdout: NodeJS.WriteStream, stderr: NodeJS.WriteStream): void {
  stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit();
    const { exitCode, message } = faultOf(error);
    stderr.write(`pidnap-journal: the output cannot be written: ${message}\n`);
    process.exit(exitCode);
  });
  // Who does not listen to what is said beside the output may still want the output.
  stderr.on("error", () => undefined);
}
