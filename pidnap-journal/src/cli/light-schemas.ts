import { config } from "zod";

// Compiling each schema to code pays off after some ten thousand lines, and costs a command that shows
// twenty a fifth of its time. Holds for schemas made from here on: this comes before their modules.
config({ jitless: true });
