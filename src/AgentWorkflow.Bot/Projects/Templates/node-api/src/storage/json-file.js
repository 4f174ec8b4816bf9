import { mkdir, open, readFile, rename, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';

/** One JSON document on disk that is always whole: a write goes to a second file, reaches the disk, and takes the first one's place. */
export class JsonFile {
  /** @param {string} path */
  constructor(path) {
    this.path = path;
  }

  /** @returns {Promise<any>} the document; undefined when there is no file yet */
  async read() {
    let content;
    try {
      content = await readFile(this.path, 'utf8');
    } catch (error) {
      if (error.code === 'ENOENT') return undefined;
      throw error;
    }
    try {
      return JSON.parse(content);
    } catch (error) {
      throw new Error(`${this.path} is not valid JSON; restore it from a backup or move it away.`, { cause: error });
    }
  }

  /** @param {unknown} document */
  async write(document) {
    const temporary = `${this.path}.tmp`;
    await mkdir(dirname(this.path), { recursive: true });
    try {
      await writeDurably(temporary, JSON.stringify(document));
      await rename(temporary, this.path);
    } catch (error) {
      await unlink(temporary).catch(() => {});
      throw error;
    }
    await syncDirectory(dirname(this.path));
  }
}

async function writeDurably(path, content) {
  const file = await open(path, 'w', 0o600);
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** The new name survives a power failure only when the directory was written too. */
async function syncDirectory(path) {
  if (process.platform === 'win32') return;
  const directory = await open(path, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
