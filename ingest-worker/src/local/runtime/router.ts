interface RouterEnv {
  readonly WORKER: { fetch(request: Request): Promise<Response> };
  /** The Node side: page, named queries and the SQL API. */
  readonly LOCAL: { fetch(request: Request): Promise<Response> };
}

/** What Node answers; all else is the Worker's, as it is in production. */
const localPaths = /^\/(?:$|index\.html$|favicon\.svg$|assets\/|vendor\/|api\/|client\/v4\/)/;

export default {
  fetch(request: Request, env: RouterEnv): Promise<Response> {
    const { pathname } = new URL(request.url);
    return (localPaths.test(pathname) ? env.LOCAL : env.WORKER).fetch(request);
  },
};
