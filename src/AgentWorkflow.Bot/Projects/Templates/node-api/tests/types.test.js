import assert from 'node:assert/strict';
import test from 'node:test';
import * as types from '../src/validation/types.js';
import { validate } from '../src/validation/validate.js';

const codes = (type, value) => type.read(value).failures.map(({ code }) => code);
const kept = (type, value) => type.read(value).value;

/** @type {[string, import('../src/validation/types.js').Type, unknown[], [unknown, string][]][]} */
const cases = [
  ['text', types.text(), ['', 'ä 😀'], [['a\nb', 'format'], ['\u0000', 'format'], [1, 'type'], [{}, 'type']]],
  ['longText', types.longText(), ['a\nb'], [[[], 'type']]],
  ['integer', types.integer(), [0, -3, 9007199254740991], [[1.5, 'type'], [9007199254740992, 'type'], ['1', 'type']]],
  ['decimal', types.decimal(), [0.1, -2.25], [['0.1', 'type'], [1e300, 'type'], [true, 'type']]],
  ['money', types.money(), [0.07, 19.99, 1000000.01], [[1.005, 'format'], ['1', 'type']]],
  ['boolean', types.boolean(), [true, false], [[0, 'type'], ['true', 'type']]],
  ['date', types.date(), ['2024-02-29'], [['2026-02-29', 'format'], ['2026-1-1', 'format'], ['0000-01-01', 'format']]],
  ['dateTime', types.dateTime(), ['2026-01-31T10:00:00Z'],
    [['2026-01-31', 'format'], ['2026-01-31T24:00:00Z', 'format'], ['9999-12-31T23:59:59-14:00', 'format']]],
  ['time', types.time(), ['23:59:59'], [['24:00', 'format'], ['9:30', 'format']]],
  ['emailAddress', types.emailAddress(), ['a.b@c.example'], [['a@b', 'format'], ['a b@c.de', 'format'], ['a@b..c', 'format']]],
  ['webAddress', types.webAddress(), ['http://a', 'HTTPS://a/b?c#d'], [['ftp://a', 'format'], ['http://', 'format']]],
  ['uniqueId', types.uniqueId(), ['00000000-0000-4000-8000-00000000000a'], [['00000000', 'format']]],
  ['oneOf', types.oneOf(['new', "it's"]), ['new', "it's"], [['old', 'one-of'], [1, 'type']]],
  ['reference', types.reference('things'), [1], [['1', 'type'], [1.5, 'type']]],
  ['file', types.file(), [{ name: 'a.pdf', mediaType: 'application/pdf', size: 0 }],
    [[{ name: 'a.pdf' }, 'format'], [{ name: 'a', mediaType: 'a/b', size: 1, more: 1 }, 'format'], [[], 'type']]],
  ['listOf', types.listOf(types.integer(), { minItems: 1, maxItems: 2 }), [[1], [1, 2]],
    [[[], 'min-items'], [[1, 2, 3], 'max-items'], [['x'], 'type'], ['x', 'type']]],
  ['rules of text', types.text({ notBlank: true, minLength: 2, maxLength: 3, pattern: /^a/ }), ['a😀', 'abc'],
    [['a', 'min-length'], ['abcd', 'max-length'], ['bc', 'pattern'], ['   ', 'blank']]],
  ['rules of numbers', types.decimal({ min: 0.5, max: 1 }), [0.5, 1], [[0.4, 'min'], [1.1, 'max']]],
];

for (const [name, type, right, wrong] of cases) {
  test(`types: ${name}`, () => {
    for (const value of right) {
      assert.deepEqual(codes(type, value), []);
      assert.deepEqual(kept(type, value), value);
    }
    for (const [value, code] of wrong) {
      assert.ok(codes(type, value).includes(code), `${JSON.stringify(value)}: ${codes(type, value)}`);
    }
  });
}

test('types: values are kept in one form', () => {
  assert.equal(kept(types.dateTime(), '2026-01-31T10:00:00.25+02:00'), '2026-01-31T08:00:00Z');
  assert.equal(kept(types.time(), '09:30'), '09:30:00');
  assert.equal(kept(types.uniqueId(), '00000000-0000-4000-8000-00000000000A'), '00000000-0000-4000-8000-00000000000a');
  assert.deepEqual(kept(types.listOf(types.reference('things')), [2, 1, 2]), [2, 1]);
});

test('types: names of the platform are fields like any other', () => {
  const fields = ['__proto__', 'constructor', 'toString', 'hasOwnProperty'].map((name) => ({ name, type: types.text() }));

  const absent = validate(fields, {});
  const given = validate(fields, JSON.parse('{"__proto__":"a","constructor":"b","toString":"c","hasOwnProperty":"d"}'));
  const unknown = validate([], JSON.parse('{"__proto__":"a"}'));

  assert.deepEqual(absent.errors, []);
  assert.deepEqual(Object.values(absent.values), [null, null, null, null]);
  assert.deepEqual(Object.values(given.values), ['a', 'b', 'c', 'd']);
  assert.deepEqual(unknown.errors.map(({ field, code }) => [field, code]), [['__proto__', 'unknown']]);
});
