const titles = new Map([
  [400, 'The request cannot be read'],
  [404, 'Not found'],
  [405, 'Method not allowed'],
  [409, 'Conflict'],
  [413, 'The body is too large'],
  [415, 'The body must be JSON'],
  [422, 'Some fields do not fit'],
  [500, 'The service failed'],
]);

/** @typedef {{ field: string, code: string, detail: string }} FieldError `code` is stable, `detail` is for people */

/** An answer that says what is wrong, in the form of RFC 9457. Handlers throw it; the server sends it. */
export class Problem extends Error {
  /**
   * @param {number} status the HTTP status
   * @param {string} detail one sentence for the caller
   * @param {{ errors?: FieldError[], headers?: Record<string, string> }} [more]
   */
  constructor(status, detail, { errors, headers = {} } = {}) {
    super(detail);
    this.name = 'Problem';
    this.status = status;
    this.errors = errors;
    this.headers = headers;
  }

  /** The body as `application/problem+json` wants it. */
  toJSON() {
    return {
      type: 'about:blank',
      title: titles.get(this.status) ?? 'Problem',
      status: this.status,
      detail: this.message,
      errors: this.errors,
    };
  }
}
