import type { DashboardSpec } from "../spec.ts";
import { fleet } from "./fleet.ts";
import { processes } from "./processes.ts";
import { resources } from "./resources.ts";
import { startup } from "./startup.ts";

/** The four dashboards, in the order in which an operator asks. */
export const dashboards: readonly DashboardSpec[] = [fleet, processes, startup, resources];
