import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import test from 'node:test';
import { assertProblem } from './support/assertions.js';
import { startService } from './support/service.js';

test('service: says that it is alive', async (t) => {
  const service = await startService(t);

  const health = await service.get('/health');

  assert.equal(health.status, 200);
  assert.deepEqual(health.body, { status: 'ok' });
});

test('service: describes every route in openapi.json and no other', async (t) => {
  const service = await startService(t);
  const committed = JSON.parse(await readFile(new URL('../openapi.json', import.meta.url), 'utf8'));

  const { body } = await service.get('/openapi/v1.json');

  assert.deepEqual(body, committed);
  const described = Object.entries(body.paths).flatMap(([path, operations]) =>
    Object.keys(operations)
      .filter((method) => method !== 'parameters')
      .map((method) => `${method.toUpperCase()} ${path}`),
  );
  const served = [...service.router.names()].filter((route) => route !== 'GET /openapi/v1.json');
  assert.deepEqual(described.sort(), served.sort());
});

test('service: answers an unknown path with a problem', async (t) => {
  const service = await startService(t);

  assertProblem(await service.get('/nothing/here'), 404);
});

test('service: names the methods that a path takes', async (t) => {
  const service = await startService(t);

  const answer = await service.delete('/health');

  assertProblem(answer, 405);
  assert.equal(answer.headers.get('allow'), 'GET');
});
