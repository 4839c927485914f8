/**
 * What alchemy.run.ts uses of Alchemy 0.94, so that it is type-checked without an installation that
 * would bring a second workerd. Checked against the package's own types when it was written.
 */
declare module "alchemy" {
  interface Secret {
    readonly type: "secret";
  }
  interface Scope {
    finalize(): Promise<void>;
  }
  const alchemy: {
    (appName: string): Promise<Scope>;
    secret(value: string): Secret;
  };
  export default alchemy;
}

declare module "alchemy/cloudflare" {
  interface Sampled {
    readonly enabled?: boolean;
    readonly headSamplingRate?: number;
  }
  interface Binding {
    readonly type: string;
  }
  interface WorkerProps {
    readonly name?: string;
    readonly entrypoint: string;
    readonly compatibilityDate?: string;
    readonly url?: boolean;
    readonly adopt?: boolean;
    readonly observability?: Sampled & {
      readonly logs?: Sampled & { readonly invocationLogs?: boolean };
    };
    readonly assets?: { readonly run_worker_first?: boolean };
    readonly bindings: Readonly<Record<string, Binding | string>>;
  }
  export function Worker(id: string, props: WorkerProps): Promise<{ readonly url?: string }>;
  export function DurableObjectNamespace(
    id: string,
    props: { readonly className: string; readonly sqlite?: boolean },
  ): Binding;
  export function AnalyticsEngineDataset(id: string, props: { readonly dataset: string }): Binding;
  export function Assets(props: { readonly path: string }): Promise<Binding>;
  export function RateLimit(props: {
    readonly namespace_id: number;
    readonly simple: { readonly limit: number; readonly period: 10 | 60 };
  }): Binding;
}
