/** What whoever runs the Worker binds, beside `MACHINE_METRICS` and the variables: binding -> class of a Durable Object with SQLite. */
export const durableObjectBindings = {
  MACHINES: "MachineObject",
  MACHINE_DIRECTORY: "MachineDirectory",
} as const;

/** Name of the binding that points are written to. */
export const pointBinding = "MACHINE_METRICS";

/** The compatibility date that the Worker is tested with. */
export const compatibilityDate = "2026-07-30";
