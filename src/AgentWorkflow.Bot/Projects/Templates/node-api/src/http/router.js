import { Problem } from './problem.js';

/**
 * @typedef {object} ApiRequest
 * @property {Map<string, string>} params the values of `{name}` segments
 * @property {URLSearchParams} query
 * @property {unknown} body parsed JSON, for methods that have a body
 *
 * @typedef {object} ApiResponse
 * @property {number} status
 * @property {unknown} [body] sent as JSON; leave it out for an empty answer
 * @property {Record<string, string>} [headers]
 *
 * @typedef {(request: ApiRequest) => Promise<ApiResponse>} Handler
 * @typedef {[method: string, path: string, handler: Handler]} Route
 */

/** Finds the handler of a method and a path such as `/books/{id}`. */
export class Router {
  /** @type {{ segments: string[], handlers: Map<string, Handler> }[]} */
  #entries;

  /** @param {Iterable<Route>} routes */
  constructor(routes) {
    /** @type {Map<string, Map<string, Handler>>} */
    const byPath = new Map();
    for (const [method, path, handler] of routes) {
      if (!byPath.has(path)) byPath.set(path, new Map());
      byPath.get(path).set(method, handler);
    }
    this.#entries = [...byPath].map(([path, handlers]) => ({ segments: split(path), handlers }));
  }

  /** Every route as `METHOD /path`. */
  *names() {
    for (const { segments, handlers } of this.#entries) {
      for (const method of handlers.keys()) {
        yield `${method} /${segments.join('/')}`;
      }
    }
  }

  /**
   * @param {string} method
   * @param {string} path without the query
   * @returns {{ handler: Handler, params: Map<string, string> }}
   */
  find(method, path) {
    const parts = split(path);
    for (const { segments, handlers } of this.#entries) {
      const params = match(segments, parts);
      if (!params) continue;
      const handler = handlers.get(method) ?? (method === 'HEAD' ? handlers.get('GET') : undefined);
      if (handler) return { handler, params };
      const allowed = [...handlers.keys()].join(', ');
      throw new Problem(405, `${path} takes ${allowed}.`, { headers: { Allow: allowed } });
    }
    throw new Problem(404, `There is nothing at ${path}.`);
  }
}

const split = (path) => path.split('/').slice(1);

/** @returns {Map<string, string> | undefined} the parameters, or undefined when the path is another one */
function match(segments, parts) {
  if (segments.length !== parts.length) return undefined;
  const params = new Map();
  for (const [i, segment] of segments.entries()) {
    if (segment.startsWith('{')) {
      const value = decode(parts[i]);
      if (!value) return undefined;
      params.set(segment.slice(1, -1), value);
    } else if (segment !== parts[i]) {
      return undefined;
    }
  }
  return params;
}

function decode(part) {
  try {
    return decodeURIComponent(part);
  } catch (error) {
    if (error instanceof URIError) return undefined;
    throw error;
  }
}
