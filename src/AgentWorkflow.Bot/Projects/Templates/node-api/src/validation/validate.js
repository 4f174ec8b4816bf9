/**
 * @typedef {import('../http/problem.js').FieldError} FieldError
 *
 * @typedef {object} Field
 * @property {string} name as in JSON
 * @property {import('./types.js').Type} type
 * @property {boolean} [required] null is refused; absent is refused too, unless there is a default
 * @property {boolean} [unique] no two records have the same value
 * @property {boolean} [immutable] an update may not bring another value
 * @property {boolean} [filterable] lists can be asked for a value of it
 * @property {boolean} [sortable] lists can be ordered by it
 * @property {unknown} [default] the value when absent
 */

/**
 * Checks a body against the fields of a resource. Every failure is found, not only the first.
 * @param {Field[]} fields
 * @param {object} body
 * @returns {{ values: Record<string, any>, errors: FieldError[] }} `values` holds every field once there are no errors
 */
export function validate(fields, body) {
  // Without a prototype, `__proto__` and `constructor` are names like any other.
  const values = Object.create(null);
  const errors = unknownMembers(fields, body);
  for (const field of fields) {
    const { value, failures } = read(field, body);
    values[field.name] = value;
    errors.push(...failures.map((failure) => ({ field: field.name, ...failure })));
  }
  return { values, errors };
}

function unknownMembers(fields, body) {
  const known = new Set(fields.map(({ name }) => name));
  return Object.keys(body)
    .filter((name) => !known.has(name))
    .map((field) => ({ field, code: 'unknown', detail: 'is not a field of this resource' }));
}

function read(field, body) {
  const value = Object.hasOwn(body, field.name) ? body[field.name] : field.default ?? null;
  if (value !== null) return field.type.read(value);
  if (field.required) return { failures: [{ code: 'required', detail: 'must be there' }] };
  return { value: field.type.empty ?? null, failures: [] };
}
