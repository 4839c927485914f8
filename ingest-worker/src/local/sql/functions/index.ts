import { aggregateFunctions } from "./aggregate.ts";
import { dateFunctions } from "./date.ts";
import type { FunctionDefinition } from "./definition.ts";
import {
  bitFunctions,
  conditionalFunctions,
  conversionFunctions,
  encodingFunctions,
  mathFunctions,
} from "./number.ts";
import { stringFunctions } from "./string.ts";

/** Every function of the dialect. */
export const functions: readonly FunctionDefinition[] = [
  ...aggregateFunctions,
  ...bitFunctions,
  ...conditionalFunctions,
  ...dateFunctions,
  ...encodingFunctions,
  ...mathFunctions,
  ...stringFunctions,
  ...conversionFunctions,
];

const byName = new Map(
  functions.flatMap((definition) =>
    [definition.name, ...(definition.aliases ?? [])].map(
      (name) => [name.toUpperCase(), definition] as const,
    ),
  ),
);

/** The function of that name, in whatever case it is written. */
export function findFunction(name: string): FunctionDefinition | undefined {
  return byName.get(name.toUpperCase());
}
