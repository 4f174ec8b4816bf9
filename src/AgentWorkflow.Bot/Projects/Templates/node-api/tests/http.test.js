import assert from 'node:assert/strict';
import { once } from 'node:events';
import test from 'node:test';
import { Router } from '../src/http/router.js';
import { createServer } from '../src/http/server.js';
import { assertProblem } from './support/assertions.js';

const maxBodyBytes = 100;

/** A server with one route that answers the body it got, and one that fails. */
async function startEcho(t) {
  const logged = [];
  const router = new Router([
    ['POST', '/echo/{name}', async ({ params, body }) => ({ status: 200, body: { name: params.get('name'), body } })],
    ['GET', '/fail', async () => { throw new Error('a secret of the service'); }],
  ]);
  const server = createServer(router, { maxBodyBytes, log: (error) => logged.push(error) });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  const send = async (method, path, body, type = 'application/json') => {
    const headers = body === undefined ? {} : { 'Content-Type': type };
    const response = await fetch(`http://127.0.0.1:${port}${path}`, { method, body, headers });
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: text && JSON.parse(text) };
  };
  return { send, logged };
}

test('http: gives the handler parameters and body', async (t) => {
  const { send } = await startEcho(t);

  const answer = await send('POST', '/echo/a%20b', '{"constructor":1,"__proto__":{"x":2}}', 'application/json; charset=utf-8');

  assert.equal(answer.status, 200);
  assert.equal(answer.body.name, 'a b');
  assert.deepEqual(Object.keys(answer.body.body), ['constructor', '__proto__']);
  assert.equal({}.x, undefined);
});

test('http: refuses a body over the limit and takes one at the limit', async (t) => {
  const { send } = await startEcho(t);
  const bodyOf = (bytes) => JSON.stringify('a'.repeat(bytes - 2));

  assert.equal((await send('POST', '/echo/x', bodyOf(maxBodyBytes))).status, 200);
  assertProblem(await send('POST', '/echo/x', bodyOf(maxBodyBytes + 1)), 413);
  assertProblem(await send('POST', '/echo/x', bodyOf(1_000_000)), 413);
});

test('http: refuses what is not JSON in UTF-8', async (t) => {
  const { send } = await startEcho(t);

  assertProblem(await send('POST', '/echo/x', '{"a":'), 400);
  assertProblem(await send('POST', '/echo/x', ''), 400);
  assertProblem(await send('POST', '/echo/x'), 415);
  assertProblem(await send('POST', '/echo/x', new Uint8Array([0x22, 0xff, 0x22])), 400);
  assertProblem(await send('POST', '/echo/x', 'a=1', 'application/x-www-form-urlencoded'), 415);
});

test('http: answers HEAD like GET without a body', async (t) => {
  const { send } = await startEcho(t);

  const answer = await send('HEAD', '/fail');

  assert.equal(answer.status, 500);
  assert.equal(answer.body, '');
});

test('http: does not know a path that is badly encoded', async (t) => {
  const { send } = await startEcho(t);

  assertProblem(await send('POST', '/echo/%ff', '1'), 404);
});

test('http: logs an error of its own and tells the caller nothing of it', async (t) => {
  const { send, logged } = await startEcho(t);

  const answer = await send('GET', '/fail');

  assertProblem(answer, 500);
  assert.doesNotMatch(JSON.stringify(answer.body), /secret/);
  assert.equal(logged.length, 1);
});
