/**
 * @typedef {Record<string, any> & { id: number }} StoredRecord a frozen object without a prototype
 *
 * @typedef {{ name: string, fields: import('../validation/validate.js').Field[] }} Definition
 */

/** The records of one kind by id, in the order of their ids, with an index for each field that is searched. */
export class Collection {
  /** @type {Map<number, StoredRecord>} */
  #records = new Map();
  /** @type {Map<string, Map<unknown, Set<number>>>} field -> value -> ids */
  #indexes = new Map();
  #lastId = 0;
  #onUndo;

  /**
   * @param {Definition} definition
   * @param {(step: () => void) => void} onUndo is told how to take back each change
   */
  constructor({ fields }, onUndo) {
    this.#onUndo = onUndo;
    for (const { name, type, unique, filterable } of fields) {
      if (unique || filterable || type.target) this.#indexes.set(name, new Map());
    }
  }

  /** @returns {IterableIterator<StoredRecord>} */
  all() {
    return this.#records.values();
  }

  /**
   * @param {number} id
   * @returns {StoredRecord | undefined}
   */
  get(id) {
    return this.#records.get(id);
  }

  /**
   * The records whose field has this value or, for a list, holds it; by index.
   * @param {string} field
   * @param {unknown} value
   * @returns {StoredRecord[]}
   */
  where(field, value) {
    const index = this.#indexes.get(field);
    if (!index) throw new Error(`There is no index of ${field}.`);
    const ids = [...(index.get(value) ?? [])].sort((a, b) => a - b);
    return ids.map((id) => this.#records.get(id));
  }

  /**
   * @param {Record<string, unknown>} values
   * @returns {StoredRecord}
   */
  insert(values) {
    const id = this.#lastId + 1;
    const record = freeze(id, values);
    this.#put(record);
    this.#lastId = id;
    this.#onUndo(() => this.#drop(id));
    return record;
  }

  /**
   * @param {number} id of a record that exists
   * @param {Record<string, unknown>} values
   * @returns {StoredRecord}
   */
  replace(id, values) {
    const previous = this.#records.get(id);
    const record = freeze(id, values);
    this.#put(record);
    this.#onUndo(() => this.#put(previous));
    return record;
  }

  /** @param {number} id of a record that exists */
  remove(id) {
    const previous = this.#records.get(id);
    this.#drop(id);
    this.#onUndo(() => {
      this.#put(previous);
      this.#records = new Map([...this.#records].sort(([a], [b]) => a - b));
    });
  }

  /** What the data file keeps of this collection. */
  content() {
    return { lastId: this.#lastId, records: [...this.#records.values()] };
  }

  /** @param {{ lastId: number, records: StoredRecord[] }} content as {@link content} gave it */
  restore({ lastId, records }) {
    for (const record of records) {
      this.#put(freeze(record.id, record));
    }
    this.#lastId = lastId;
  }

  /** A record that replaces another one keeps its place in the order. */
  #put(record) {
    const { id } = record;
    this.#forgetKeys(id);
    this.#records.set(id, record);
    this.#eachKey(record, (index, key) => {
      const ids = index.get(key);
      if (ids) ids.add(id);
      else index.set(key, new Set([id]));
    });
  }

  #drop(id) {
    this.#forgetKeys(id);
    this.#records.delete(id);
  }

  #forgetKeys(id) {
    const record = this.#records.get(id);
    if (!record) return;
    this.#eachKey(record, (index, key) => {
      const ids = index.get(key);
      ids.delete(id);
      if (ids.size === 0) index.delete(key);
    });
  }

  #eachKey(record, action) {
    for (const [field, index] of this.#indexes) {
      const value = record[field];
      for (const key of Array.isArray(value) ? new Set(value) : [value]) action(index, key);
    }
  }
}

/** Without a prototype a field called `__proto__` or `constructor` is a field like any other. */
function freeze(id, values) {
  const record = Object.create(null);
  record.id = id;
  for (const [name, value] of Object.entries(values)) record[name] = value;
  return Object.freeze(record);
}
