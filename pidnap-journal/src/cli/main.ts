#!/usr/bin/env node
import module from "node:module";

// What Node has compiled once it finds again in the system's temporary directory, which takes a sixth off
// every later start. Where that cannot be written nothing is kept, and nothing is said.
module.enableCompileCache?.();
await import("./program.ts");
