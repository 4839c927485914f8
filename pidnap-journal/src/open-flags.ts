import { constants } from "node:fs";

const { O_APPEND, O_CREAT, O_RDONLY, O_WRONLY } = constants;
// Absent where there are no such files to wait for. To a regular file it makes no difference.
const waitForNobody: number = (constants as { readonly O_NONBLOCK?: number }).O_NONBLOCK ?? 0;

/**
 * Opens for reading, or for writing at the end, whatever is there: to open a named pipe would else
 * wait for its other end for ever, and whoever may drop a mark may drop a pipe.
 */
export const openFlags = {
  r: O_RDONLY | waitForNobody,
  a: O_WRONLY | O_APPEND | O_CREAT | waitForNobody,
} as const;
