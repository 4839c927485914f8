import { dateTimeValue, doubleValue, integerValue, stringValue } from "./types.ts";
import type { ValueType } from "./types.ts";

/** The columns of every dataset, in the order of `SELECT *`. */
export const datasetColumns: ReadonlyMap<string, ValueType> = new Map<string, ValueType>([
  ["dataset", stringValue],
  ["timestamp", dateTimeValue],
  ["_sample_interval", integerValue("UInt32")],
  ["index1", stringValue],
  ...numbered("blob", stringValue),
  ...numbered("double", doubleValue),
]);

function numbered(name: string, type: ValueType): [string, ValueType][] {
  return Array.from({ length: 20 }, (_, index) => [`${name}${index + 1}`, type]);
}
