import { createServer } from "node:net";
import { PortTakenError } from "./errors.ts";

/**
 * Rejects with PortTakenError where something listens on the port of 127.0.0.1 already. Asked before
 * anything is started, so that the answer comes at once and alone; workerd finds out as well, for the
 * one who took it in between.
 */
export async function checkPortFree(port: number): Promise<void> {
  if (port === 0) return;
  await new Promise<void>((resolve, reject) => {
    const probe = createServer();
    probe.once("error", (error) => reject(new PortTakenError(port, error)));
    probe.listen({ port, host: "127.0.0.1", exclusive: true }, () => probe.close(() => resolve()));
  });
}
