import { Problem } from '../http/problem.js';

const defaultLimit = 20;
const greatestLimit = 100;

/**
 * Reads `?limit=&offset=&sort=` and the filters of a list. Whatever is not understood is refused.
 * @param {URLSearchParams} query
 * @param {import('../validation/validate.js').Field[]} fields
 */
export function readListQuery(query, fields) {
  const filterable = fields.filter((field) => field.filterable);
  const known = ['limit', 'offset', 'sort', ...filterable.map(({ name }) => name)];
  for (const name of new Set(query.keys())) {
    if (!known.includes(name)) throw new Problem(400, `This list takes ${known.join(', ')}; not ${name}.`);
    if (query.getAll(name).length > 1) throw new Problem(400, `${name} can be given once.`);
  }
  return {
    limit: whole(query, 'limit', defaultLimit, 1, greatestLimit),
    offset: whole(query, 'offset', 0, 0, Number.MAX_SAFE_INTEGER),
    sort: readSort(query.get('sort'), fields),
    filters: filterable.filter(({ name }) => query.has(name)).map((field) => readFilter(query, field)),
  };
}

function whole(query, name, fallback, min, max) {
  const given = query.get(name);
  if (given === null) return fallback;
  const value = /^\d{1,16}$/.test(given) ? Number(given) : NaN;
  if (value >= min && value <= max) return value;
  throw new Problem(400, `${name} must be a whole number from ${min} to ${max}.`);
}

function readSort(given, fields) {
  if (given === null) return undefined;
  const descending = given.startsWith('-');
  const name = descending ? given.slice(1) : given;
  const sortable = ['id', ...fields.filter((field) => field.sortable).map((field) => field.name)];
  if (!sortable.includes(name)) throw new Problem(400, `sort takes ${sortable.join(', ')}; with - before it, descending.`);
  return { name, descending };
}

function readFilter(query, { name, type }) {
  const { value, failures } = type.read(type.fromText(query.get(name)));
  const failure = failures.find(({ code }) => ['type', 'format', 'one-of'].includes(code));
  if (failure) throw new Problem(400, `${name} ${failure.detail}.`);
  return { name, value };
}
