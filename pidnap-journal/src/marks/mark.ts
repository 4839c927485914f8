import * as z from "zod";

/**
 * The drop box: how a process that cannot append, since a journal has one writer, hands that writer
 * an event. A mark is a file in `marks/`, put there whole by a rename.
 *
 * Its name begins with the host's monotonic clock in microseconds, which all processes share, so
 * that the order of names is the order of making; with the host's boot, which is in the file, it
 * also tells a mark of this boot from an older one, whatever the wall clock did.
 */
const markSchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("machine.ready") }),
  z.object({
    type: z.literal("tasks.completed"),
    count: z.int().min(0),
    failed: z.int().min(0),
  }),
]);

/** What can be marked. */
export type Mark = z.infer<typeof markSchema>;

const markFileSchema = z.object({
  v: z.literal(1),
  hostBoot: z.string().nullable(),
  mark: markSchema,
});

/** Folder of the marks in a journal's directory. */
export const marksFolder = "marks";

/** The group may drop marks: what reports that the machine is ready need not run as the writer does. */
export const marksMode = 0o770;

/** Bytes that no mark's file reaches. */
export const maxMarkBytes = 4096;

const namePattern = /^(\d{17})-[0-9a-f]{8}\.mark$/;

/** @param madeMicros the host's monotonic clock, µs */
export function markFileName(madeMicros: number, unique: string): string {
  return `${String(madeMicros).padStart(17, "0")}-${unique.slice(0, 8)}.mark`;
}

/** When a mark was made by its file's name, µs of the host's monotonic clock; undefined where it is no mark's name. */
export function madeMicrosOf(fileName: string): number | undefined {
  const digits = namePattern.exec(fileName)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

/** The text of a mark's file. */
export function encodeMark(mark: Mark, hostBoot: string | null): string {
  return `${JSON.stringify({ v: 1, hostBoot, mark })}\n`;
}

/** What a mark's file says, or undefined where it does not say it as it should. */
export function decodeMark(text: string): z.infer<typeof markFileSchema> | undefined {
  try {
    return markFileSchema.safeParse(JSON.parse(text)).data;
  } catch {
    // JSON.parse's only failure is the answer.
    return undefined;
  }
}

/** What is wrong with a mark, or undefined. */
export function faultOfMark(mark: unknown): string | undefined {
  const fault = markSchema.safeParse(mark).error?.issues[0];
  return fault === undefined ? undefined : `${fault.path.join(".") || "mark"}: ${fault.message}`;
}
