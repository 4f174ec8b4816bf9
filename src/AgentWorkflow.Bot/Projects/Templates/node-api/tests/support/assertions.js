import assert from 'node:assert/strict';

/** The answer is a problem of RFC 9457 with that status. */
export function assertProblem(answer, status) {
  assert.equal(answer.status, status, JSON.stringify(answer.body));
  assert.equal(answer.headers.get('content-type'), 'application/problem+json');
  assert.equal(answer.body.status, status);
  assert.equal(typeof answer.body.type, 'string');
  assert.notEqual(answer.body.title, '');
  assert.notEqual(answer.body.detail, '');
}

/** The answer is a problem that names the field and, when one is given, the code. */
export function assertRefused(answer, status, field, code) {
  assertProblem(answer, status);
  const errors = answer.body.errors ?? [];
  const found = errors.some((error) => error.field === field && error.code === code);
  assert.ok(found, `expected ${field}: ${code} in ${JSON.stringify(errors)}`);
}

/** Every member of the body that was sent is in the answer. */
export function assertHolds(answer, body) {
  for (const [name, value] of Object.entries(body)) {
    assert.deepEqual(answer[name], value, name);
  }
}
