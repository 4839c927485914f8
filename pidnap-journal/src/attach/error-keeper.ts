/** Keeps errors from whoever called, and tells each kind of them once. */
export interface ErrorKeeper {
  /** Runs `work`; an error of it goes to `report`. */
  readonly guard: (work: () => void) => void;
  readonly report: (error: unknown) => void;
}

/** Kinds of errors remembered: more say nothing new, and must not fill the memory. */
const kindsMax = 32;

/** @param tell hears each kind of error once; what it throws itself is dropped */
export function createErrorKeeper(tell: (error: unknown) => void): ErrorKeeper {
  const told = new Set<string>();
  const report = (error: unknown): void => {
    const kind = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    if (told.has(kind) || told.size >= kindsMax) return;
    told.add(kind);
    try {
      tell(error);
    } catch {
      // There is nobody left to tell: throwing here would stop pidnap, which a journal never does.
      return;
    }
  };
  return {
    report,
    guard(work) {
      try {
        work();
      } catch (error) {
        report(error);
      }
    },
  };
}
