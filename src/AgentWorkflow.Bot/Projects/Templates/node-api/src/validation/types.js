/**
 * What a field can hold. A type turns a JSON value into the value that is kept, or says what is wrong with it.
 *
 * @typedef {{ code: string, detail: string }} Failure `code` is stable, `detail` is for people
 * @typedef {{ value?: any, failures: Failure[] }} Reading `value` counts only when there are no failures
 *
 * @typedef {object} Type
 * @property {(value: any) => Reading} read
 * @property {(text: string) => unknown} fromText the JSON value that a query parameter means
 * @property {string} [target] for references: the collection that holds what they point to
 * @property {unknown} [empty] the value of an absent field; null unless told
 *
 * @typedef {{ notBlank?: boolean, minLength?: number, maxLength?: number, pattern?: RegExp }} TextRules lengths in characters
 * @typedef {{ min?: number, max?: number }} NumberRules
 * @typedef {{ minItems?: number, maxItems?: number }} ListRules
 */

const email = /^[^@\s]+@[^@\s.]+(\.[^@\s.]+)+$/;
const url = /^https?:\/\/[^\s/?#]+([/?#]\S*)?$/i;
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const moment = /^(\d{4}-\d{2}-\d{2})T([01]\d|2[0-3])(:[0-5]\d){2}(\.\d{1,7})?(Z|[+-](0\d|1[0-4]):[0-5]\d)$/;
const timeOfDay = /^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?$/;
const mediaType = /^[a-z0-9][a-z0-9!#$&^_.+-]*\/[a-z0-9][a-z0-9!#$&^_.+-]*$/i;
const controlCharacter = /[\u0000-\u001f]/; // eslint-disable-line no-control-regex

/**
 * One line.
 * @param {TextRules} [rules]
 */
export const text = (rules) =>
  textual(rules, 'one line', (value) => (controlCharacter.test(value) ? undefined : value));

/**
 * Many lines.
 * @param {TextRules} [rules]
 */
export const longText = (rules) => textual(rules, 'a text', (value) => value);

/** @param {TextRules} [rules] */
export const emailAddress = (rules) =>
  textual(rules, 'an e-mail address', (value) => (value.length <= 254 && email.test(value) ? value : undefined));

/** @param {TextRules} [rules] */
export const webAddress = (rules) =>
  textual(rules, 'an http or https address', (value) => (url.test(value) ? value : undefined));

/** Kept in lower case. */
export const uniqueId = () =>
  textual({}, 'a UUID', (value) => (uuid.test(value) ? value.toLowerCase() : undefined));

/** A day of the calendar. */
export const date = () => textual({}, 'a day such as 2026-01-31', (value) => (isDay(value) ? value : undefined));

/** A moment, kept in UTC and whole seconds. */
export const dateTime = () => textual({}, 'a moment such as 2026-01-31T09:30:00Z', toUtc);

/** A time of day, kept with seconds. */
export const time = () =>
  textual({}, 'a time of day such as 09:30', (value) => (timeOfDay.test(value) ? value.padEnd(8, ':00') : undefined));

/**
 * @param {NumberRules} [rules]
 * @returns {Type}
 */
export const integer = (rules) => numeric(rules, 'a whole number', Number.isSafeInteger);

/**
 * @param {NumberRules} [rules]
 * @returns {Type}
 */
export const decimal = (rules) => numeric(rules, 'a number', isKeptExactly);

/**
 * A number with two decimal places at most.
 * @param {NumberRules} [rules]
 * @returns {Type}
 */
export function money(rules) {
  const number = decimal(rules);
  return {
    ...number,
    read(value) {
      const reading = number.read(value);
      const isAmount = reading.value === undefined || Number(reading.value.toFixed(2)) === reading.value;
      return isAmount ? reading : wrong('format', 'must have two decimal places at most');
    },
  };
}

/** @returns {Type} */
export const boolean = () => ({
  read: (value) => (typeof value === 'boolean' ? right(value) : wrong('type', 'must be true or false')),
  fromText: (value) => (value === 'true' ? true : value === 'false' ? false : value),
});

/**
 * One of some texts.
 * @param {string[]} values
 * @returns {Type}
 */
export const oneOf = (values) => ({
  read(value) {
    if (typeof value !== 'string') return wrong('type', 'must be a text');
    return values.includes(value) ? right(value) : wrong('one-of', `must be one of: ${values.join(', ')}`);
  },
  fromText: (value) => value,
});

/**
 * The id of a record in another collection. Whether it is there is asked when the record is stored.
 * @param {string} target
 * @returns {Type}
 */
export const reference = (target) => ({ ...numeric({}, 'an id', Number.isSafeInteger), target });

/**
 * Name, media type and size of a file that is kept elsewhere.
 * @returns {Type}
 */
export const file = () => ({
  read(value) {
    if (value === null || typeof value !== 'object' || Array.isArray(value)) return wrong('type', 'must be an object');
    const { name, mediaType: media, size, ...more } = value;
    const isFile =
      typeof name === 'string' && name.trim() !== '' &&
      typeof media === 'string' && mediaType.test(media) &&
      Number.isSafeInteger(size) && size >= 0 &&
      Object.keys(more).length === 0;
    return isFile ? right({ name, mediaType: media, size }) : wrong('format', 'must have name, mediaType and size');
  },
  fromText: (value) => value,
});

/**
 * Several values of one type. References are a set: one that comes twice is kept once.
 * @param {Type} item
 * @param {ListRules} [rules]
 * @returns {Type}
 */
export const listOf = (item, { minItems = 0, maxItems = Infinity } = {}) => ({
  target: item.target,
  empty: Object.freeze([]),
  read(value) {
    if (!Array.isArray(value)) return wrong('type', 'must be a list');
    const readings = value.map((one) => item.read(one));
    const failure = readings.flatMap(({ failures }) => failures)[0];
    if (failure) return wrong(failure.code, `holds something that ${failure.detail}`);
    const values = readings.map((reading) => reading.value);
    return right(
      item.target ? [...new Set(values)] : values,
      unless(value.length >= minItems, 'min-items', `must have ${counted(minItems, 'item')} or more`),
      unless(value.length <= maxItems, 'max-items', `must have ${counted(maxItems, 'item')} or fewer`),
    );
  },
  fromText: (value) => value,
});

/**
 * @param {TextRules} rules
 * @param {string} expected
 * @param {(value: string) => string | undefined} normalise gives the text as it is kept, undefined when its form is wrong
 * @returns {Type}
 */
function textual({ notBlank = false, minLength = 0, maxLength = Infinity, pattern } = {}, expected, normalise) {
  return {
    read(value) {
      if (typeof value !== 'string') return wrong('type', 'must be a text');
      const kept = normalise(value);
      if (kept === undefined) return wrong('format', `must be ${expected}`);
      const length = [...kept].length;
      return right(
        kept,
        unless(!notBlank || kept.trim() !== '', 'blank', 'must not be blank'),
        unless(length >= minLength, 'min-length', `must have ${counted(minLength, 'character')} or more`),
        unless(length <= maxLength, 'max-length', `must have ${counted(maxLength, 'character')} or fewer`),
        unless(!pattern || pattern.test(kept), 'pattern', `must match ${pattern?.source}`),
      );
    },
    fromText: (value) => value,
  };
}

/**
 * @param {NumberRules} rules
 * @param {string} expected
 * @param {(value: any) => boolean} isRight
 * @returns {Type}
 */
function numeric({ min = -Infinity, max = Infinity } = {}, expected, isRight) {
  return {
    read(value) {
      if (!isRight(value)) return wrong('type', `must be ${expected}`);
      return right(
        value,
        unless(value >= min, 'min', `must be ${min} or more`),
        unless(value <= max, 'max', `must be ${max} or less`),
      );
    },
    fromText: (value) => (/^-?\d+(\.\d+)?$/.test(value) ? Number(value) : value),
  };
}

const right = (value, ...failures) => ({ value, failures: failures.filter(Boolean) });
const wrong = (code, detail) => ({ failures: [{ code, detail }] });
const unless = (holds, code, detail) => (holds ? undefined : { code, detail });
const counted = (count, unit) => `${count} ${unit}${count === 1 ? '' : 's'}`;

/** Beyond this size a JSON number is no longer the one that was sent. */
function isKeptExactly(value) {
  return typeof value === 'number' && Math.abs(value) <= Number.MAX_SAFE_INTEGER;
}

/** The calendar has no 30 February, although Date takes one for 2 March. */
function isDay(value) {
  if (!/^(?!0000)\d{4}-\d{2}-\d{2}$/.test(value)) return false;
  const day = new Date(`${value}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(value);
}

function toUtc(value) {
  const parts = moment.exec(value);
  if (!parts || !isDay(parts[1])) return undefined;
  const utc = new Date(value).toISOString().replace(/\.\d+Z$/, 'Z');
  // An offset can lead out of the years of four digits.
  return utc.length === '2026-01-31T09:30:00Z'.length ? utc : undefined;
}
