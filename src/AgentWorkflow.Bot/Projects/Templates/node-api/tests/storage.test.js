import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { Database, StorageError } from '../src/storage/database.js';
import { JsonFile } from '../src/storage/json-file.js';
import { listOf, reference, text } from '../src/validation/types.js';

const definitions = [
  {
    name: 'things',
    fields: [
      { name: 'label', type: text(), filterable: true },
      { name: 'parts', type: listOf(reference('things')) },
    ],
  },
];

async function temporaryFile(t) {
  const folder = await mkdtemp(join(tmpdir(), 'storage-'));
  t.after(() => rm(folder, { recursive: true }));
  return new JsonFile(join(folder, 'data', 'things.json'));
}

async function open(file) {
  const database = new Database(definitions, file);
  await database.load();
  return { database, things: database.collection('things') };
}

const thing = (label, parts = []) => ({ label, parts });
const labels = (things) => [...things.all()].map(({ label }) => label);

test('storage: keeps records, ids and indexes over a restart', async (t) => {
  const file = await temporaryFile(t);
  const before = await open(file);
  const a = await before.database.change(() => before.things.insert(thing('a')));
  await before.database.change(() => before.things.insert(thing('b', [a.id])));
  await before.database.change(() => before.things.remove(before.things.insert(thing('c')).id));

  const after = await open(file);

  assert.deepEqual(labels(after.things), ['a', 'b']);
  assert.deepEqual(after.things.where('label', 'b').map(({ id }) => id), [2]);
  assert.deepEqual(after.things.where('parts', a.id).map(({ label }) => label), ['b']);
  const next = await after.database.change(() => after.things.insert(thing('d')));
  assert.equal(next.id, 4, 'an id is never given twice');
});

test('storage: leaves nothing behind but the data file', async (t) => {
  const file = await temporaryFile(t);
  const { database, things } = await open(file);

  await Promise.all(['a', 'b', 'c'].map((label) => database.change(() => things.insert(thing(label)))));

  assert.deepEqual(await readdir(join(file.path, '..')), ['things.json']);
  assert.equal(JSON.parse(await readFile(file.path, 'utf8')).collections[0].records.length, 3);
});

test('storage: shares one write among changes that arrive during another', async () => {
  const writes = [];
  const file = { read: async () => undefined, write: async (document) => void writes.push(JSON.stringify(document)) };
  const { database, things } = await open(file);

  await Promise.all(Array.from({ length: 50 }, (_, i) => database.change(() => things.insert(thing(`${i}`)))));

  assert.equal(writes.length, 2);
  assert.equal(JSON.parse(writes[1]).collections[0].records.length, 50);
});

test('storage: takes back every change that could not be written', async () => {
  let isBroken = false;
  const write = async () => {
    if (isBroken) throw new Error('disk full');
  };
  const { database, things } = await open({ read: async () => undefined, write });
  const a = await database.change(() => things.insert(thing('a')));
  await database.change(() => things.insert(thing('b')));
  isBroken = true;

  const results = await Promise.allSettled([
    database.change(() => things.remove(a.id)),
    database.change(() => things.replace(2, thing('changed'))),
    database.change(() => things.insert(thing('c'))),
  ]);

  assert.ok(results.every((result) => result.status === 'rejected' && result.reason instanceof StorageError));
  assert.deepEqual(labels(things), ['a', 'b']);
  assert.equal(things.where('label', 'c').length, 0);
  isBroken = false;
  await database.change(() => things.insert(thing('d')));
  assert.deepEqual(labels(things), ['a', 'b', 'd']);
});

test('storage: takes back a change that throws half way', async () => {
  const { database, things } = await open(undefined);

  const change = database.change(() => {
    things.insert(thing('a'));
    throw new Error('half way');
  });

  await assert.rejects(change, /half way/);
  assert.deepEqual(labels(things), []);
});

test('storage: does not start on a file that it cannot read, and leaves it alone', async (t) => {
  const file = await temporaryFile(t);
  const first = await open(file);
  await first.database.change(() => first.things.insert(thing('a')));
  await writeFile(file.path, '{"version":1,"collections":[{');

  await assert.rejects(open(file), /is not valid JSON/);
  assert.equal(await readFile(file.path, 'utf8'), '{"version":1,"collections":[{');
});
