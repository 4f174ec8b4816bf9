import { Collection } from './collection.js';

/** The data could not be written; nothing of the change remains. */
export class StorageError extends Error {
  /** @param {unknown} cause */
  constructor(cause) {
    super('The data could not be written.', { cause });
    this.name = 'StorageError';
  }
}

/**
 * All collections, in memory with indexes, and in one JSON file.
 *
 * A change is made in memory at once and acknowledged when the file holds it. Changes that arrive while a write is
 * going on share the next one. When a write fails, every change that no write holds yet is taken back and refused.
 */
export class Database {
  /** @type {Map<string, Collection>} */
  #collections = new Map();
  #file;
  /** @type {{ undo: (() => void)[], resolve: (done?: any) => void, reject: (error: Error) => void }[]} oldest first */
  #pending = [];
  #writing = false;
  /** @type {(() => void)[]} how to take back what the change that is running did so far */
  #undo = [];

  /**
   * @param {import('./collection.js').Definition[]} definitions
   * @param {import('./json-file.js').JsonFile} [file] leave it out to keep everything in memory only
   */
  constructor(definitions, file) {
    this.#file = file;
    for (const definition of definitions) {
      const collection = new Collection(definition, (step) => this.#undo.push(step));
      this.#collections.set(definition.name, collection);
    }
  }

  /** Reads the file, once, before the first request. */
  async load() {
    const document = await this.#file?.read();
    if (document === undefined) return;
    if (document?.version !== 1 || !Array.isArray(document.collections)) {
      throw new Error(`${this.#file.path} is not a data file of this service.`);
    }
    for (const { name, ...content } of document.collections) {
      this.collection(name).restore(content);
    }
    this.#undo = [];
  }

  /**
   * @param {string} name
   * @returns {Collection}
   */
  collection(name) {
    const found = this.#collections.get(name);
    if (!found) throw new Error(`There is no collection called ${name}.`);
    return found;
  }

  /**
   * Makes a change of any number of records, all or nothing, and waits until it is stored.
   * @template T
   * @param {() => T} action runs to its end at once: it cannot wait for anything
   * @returns {Promise<T>}
   */
  async change(action) {
    this.#undo = [];
    let result;
    try {
      result = action();
    } catch (error) {
      takeBack(this.#undo);
      throw error;
    }
    if (this.#file && this.#undo.length > 0) await this.#stored(this.#undo);
    return result;
  }

  #stored(undo) {
    return new Promise((resolve, reject) => {
      this.#pending.push({ undo, resolve, reject });
      if (!this.#writing) void this.#writePending();
    });
  }

  async #writePending() {
    this.#writing = true;
    while (this.#pending.length > 0) {
      const covered = this.#pending.length;
      try {
        await this.#file.write(this.#document());
        for (const { resolve } of this.#pending.splice(0, covered)) resolve();
      } catch (error) {
        const lost = this.#pending.splice(0);
        takeBack(lost.flatMap(({ undo }) => undo));
        for (const { reject } of lost) reject(new StorageError(error));
      }
    }
    this.#writing = false;
  }

  #document() {
    const collections = [...this.#collections].map(([name, collection]) => ({ name, ...collection.content() }));
    return { version: 1, collections };
  }
}

/** @param {(() => void)[]} steps oldest first */
function takeBack(steps) {
  for (const step of steps.toReversed()) step();
}
