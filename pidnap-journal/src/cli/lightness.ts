import { setFlagsFromString } from "node:v8";
import { config } from "zod";

/**
 * What keeps a command light, imported before what it does: it runs on small machines beside what they
 * are there for.
 */

// Compiling each schema to code pays off after some ten thousand lines, and costs a command that shows
// twenty a fifth of its time. Holds for schemas made from here on.
config({ jitless: true });

// Lines are garbage as soon as they are written. Left to itself the space for new objects grows to 48 MB
// before that is collected; kept small it costs no time that could be measured.
setFlagsFromString("--semi-space-growth-factor=1");
