import { Problem } from './problem.js';

/**
 * Reads a JSON body, at most `limit` bytes of it.
 * @param {import('node:http').IncomingMessage} message
 * @param {number} limit
 * @returns {Promise<unknown>}
 */
export async function readJson(message, limit) {
  const type = (message.headers['content-type'] ?? '').split(';')[0].trim().toLowerCase();
  if (type !== 'application/json' && !type.endsWith('+json')) {
    throw new Problem(415, 'Send the body as application/json.');
  }
  const bytes = await readBytes(message, limit);
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    // The decoder throws a TypeError for bytes that are not UTF-8.
    if (error instanceof SyntaxError || error instanceof TypeError) {
      throw new Problem(400, 'The body is not valid JSON in UTF-8.');
    }
    throw error;
  }
}

/**
 * @param {import('node:http').IncomingMessage} message
 * @param {number} limit
 * @returns {Promise<Buffer>}
 */
function readBytes(message, limit) {
  return new Promise((resolve, reject) => {
    /** @type {Buffer[]} */
    const chunks = [];
    let size = 0;
    message.on('data', (chunk) => {
      size += chunk.length;
      // A body that is too large is read to its end but not kept, so that the caller gets the answer.
      if (size > limit) reject(new Problem(413, `A body may have ${limit} bytes at most.`));
      else chunks.push(chunk);
    });
    message.on('end', () => resolve(Buffer.concat(chunks, size)));
    message.on('error', reject);
  });
}
