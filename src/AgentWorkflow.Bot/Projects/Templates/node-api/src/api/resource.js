import { isDeepStrictEqual } from 'node:util';
import { Problem } from '../http/problem.js';
import { validate } from '../validation/validate.js';
import { readListQuery } from './list-query.js';

/**
 * @typedef {object} ResourceDefinition
 * @property {string} name its place in paths and in the data file, e.g. `loan-requests`
 * @property {string} singular for sentences, e.g. `loan request`
 * @property {import('../validation/validate.js').Field[]} fields
 *
 * @typedef {import('../http/router.js').Handler} Handler
 */

/** The five operations on the records of one kind. */
export class Resource {
  #database;
  #records;
  /** @type {{ collection: import('../storage/collection.js').Collection, field: string, singular: string }[]} */
  #holders;

  /**
   * @param {ResourceDefinition} definition
   * @param {ResourceDefinition[]} all every resource of the service: what refers to this one keeps it from being deleted
   * @param {import('../storage/database.js').Database} database
   */
  constructor({ name, singular, fields }, all, database) {
    this.name = name;
    this.singular = singular;
    this.fields = fields;
    this.#database = database;
    this.#records = database.collection(name);
    this.#holders = all.flatMap((other) =>
      other.fields
        .filter(({ type }) => type.target === name)
        .map((field) => ({ collection: database.collection(other.name), field: field.name, singular: other.singular })),
    );
  }

  /** @type {Handler} */
  list = async ({ query }) => {
    const { limit, offset, sort, filters } = readListQuery(query, this.fields);
    const found = this.#find(filters);
    if (sort) found.sort(by(sort.name, sort.descending));
    return { status: 200, body: { items: found.slice(offset, offset + limit), total: found.length, limit, offset } };
  };

  /** @type {Handler} */
  get = async ({ params }) => ({ status: 200, body: this.#existing(params) });

  /** @type {Handler} */
  create = async ({ body }) => {
    const record = await this.#database.change(() => this.#records.insert(this.#accept(body)));
    return { status: 201, body: record, headers: { Location: `/${this.name}/${record.id}` } };
  };

  /** @type {Handler} */
  update = async ({ params, body }) => {
    const record = await this.#database.change(() => {
      const current = this.#existing(params);
      return this.#records.replace(current.id, this.#accept(body, current));
    });
    return { status: 200, body: record };
  };

  /** @type {Handler} */
  remove = async ({ params }) => {
    await this.#database.change(() => {
      const record = this.#existing(params);
      this.#refuseWhileReferenced(record);
      this.#records.remove(record.id);
    });
    return { status: 204 };
  };

  #find(filters) {
    if (filters.length === 0) return [...this.#records.all()];
    const [first, ...others] = filters;
    const candidates = this.#records.where(first.name, first.value);
    return candidates.filter((record) => others.every(({ name, value }) => record[name] === value));
  }

  #existing(params) {
    const id = params.get('id');
    const record = /^[1-9]\d{0,15}$/.test(id) ? this.#records.get(Number(id)) : undefined;
    if (!record) throw new Problem(404, `There is no ${this.singular} with the id ${id}.`);
    return record;
  }

  /** What a body says, once it keeps every rule; `current` is the record that it would replace. */
  #accept(body, current) {
    if (body === null || typeof body !== 'object' || Array.isArray(body)) {
      throw new Problem(400, 'The body must be a JSON object.');
    }
    const { values, errors } = validate(this.fields, body);
    if (errors.length === 0) {
      errors.push(...this.#changesOfImmutable(values, current), ...this.#unknownReferences(values));
    }
    if (errors.length > 0) throw new Problem(422, 'The body does not fit; errors says where.', { errors });

    const duplicates = this.#duplicates(values, current);
    if (duplicates.length > 0) {
      throw new Problem(409, `Another ${this.singular} has a value that must be unique.`, { errors: duplicates });
    }
    return values;
  }

  #changesOfImmutable(values, current) {
    return this.fields
      .filter(({ name, immutable }) => immutable && current && !isDeepStrictEqual(values[name], current[name]))
      .map(({ name }) => ({ field: name, code: 'immutable', detail: 'cannot be changed' }));
  }

  #unknownReferences(values) {
    return this.fields
      .filter(({ type }) => type.target)
      .flatMap(({ name, type }) => {
        const targets = this.#database.collection(type.target);
        const unknown = [values[name]].flat().filter((id) => id !== null && !targets.get(id));
        const detail = `refers to what is not there: ${type.target} ${unknown.join(', ')}`;
        return unknown.length > 0 ? [{ field: name, code: 'reference', detail }] : [];
      });
  }

  #duplicates(values, current) {
    return this.fields
      .filter(({ name, unique }) => unique && values[name] !== null)
      .filter(({ name }) => this.#records.where(name, values[name]).some(({ id }) => id !== current?.id))
      .map(({ name }) => ({ field: name, code: 'duplicate', detail: 'is taken already' }));
  }

  #refuseWhileReferenced(record) {
    for (const { collection, field, singular } of this.#holders) {
      const holder = collection.where(field, record.id).find((found) => found !== record);
      if (holder) {
        throw new Problem(409, `The ${singular} with the id ${holder.id} refers to it in ${field}.`);
      }
    }
  }
}

/** Ascending with nothing first; equal values in the order of their ids. */
function by(name, descending) {
  const sign = descending ? -1 : 1;
  return (a, b) => {
    if (a[name] === b[name]) return a.id - b.id;
    if (a[name] === null || b[name] === null) return a[name] === null ? -sign : sign;
    return a[name] < b[name] ? -sign : sign;
  };
}
