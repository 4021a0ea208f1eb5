// Sends a flood of live events in the place of a server that answers everything else, and knows what is true after them.
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';

/**
 * What the flood is made of, as the server tells it, and what it keeps of each case.
 *
 * @typedef {{ id: string, parent?: string, sensitivity: string }} Category
 * @typedef {{ grids: { properties: { id: string, name: string } }[], config: { categories: Category[], bounds: number[] } }} District
 * @typedef {{ number: string, state: string, place: string }} Dot
 */

const STATES = ['reported', 'accepted', 'handling'];
/** @type {[level: string, score: number][]} */
export const SCORES = [['none', 0], ['blue', 12], ['yellow', 32], ['red', 61]];
/** Sent so often, milliseconds: a server writes what has gathered. */
const BEAT_MS = 10;
/** So long a page that takes nothing is waited for, milliseconds: the rest is then late. */
const DRAIN_MS = 500;
/** So many of the newest cases take steps; a desk keeps more of them. */
const MOVING = 200;
/** So many are remembered at least, and up to twice as many: more than a desk keeps. */
const REMEMBERED = 2000;

export class Sender {
  /** The newest cases as they stand now, the oldest first. @type {Dot[]} */
  cases = [];
  /** How many cases were sent. */
  total = 0;
  /** Of each grid that one is known of. @type {Map<string, { level: string, score: number }>} */
  levels = new Map();
  /** A grid that the flood leaves alone. @type {string | undefined} */
  spared;
  #stream;
  #epoch = '';
  #sequence = 0;
  #seed;
  #categories;
  #bounds;
  #pulse;

  /** Of the same seed come the same events. @param {District} district @param {number} seed */
  constructor({ grids, config }, seed) {
    this.names = new Map(grids.map(({ properties: { id, name } }) => [id, name]));
    this.places = [...this.names.keys()];
    this.#categories = config.categories.filter((one) => one.parent && one.sensitivity !== 'restricted').map((one) => one.id);
    this.#bounds = config.bounds;
    this.#seed = seed;
    this.#pulse = setInterval(() => this.#beat(), 5000);
  }

  stop() {
    clearInterval(this.#pulse);
  }

  /** Answers a page that asks for events. @param {string} url @param {import('node:http').ServerResponse} response */
  open(url, response) {
    const after = new URL(url, 'http://front').searchParams.get('after') ?? '';
    const at = after.lastIndexOf(':');
    [this.#epoch, this.#sequence] = [after.slice(0, at), Math.max(this.#sequence, Number(after.slice(at + 1)))];
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    this.#stream = response;
    this.#beat();
  }

  /** Whether a page listens; it is live by its snapshot alone before. */
  isHeard() {
    return this.#stream !== undefined;
  }

  /** Returns whether it was taken at once. @param {string} text @returns {boolean} */
  write(text) {
    return this.#stream.write(text);
  }

  /** Sends at a rate for as long as it is to last. @param {number} rate @param {number} seconds @param {(ms: number) => void} [each] */
  async pour(rate, seconds, each) {
    const began = Date.now();
    let sent = 0;
    for (let now = began; now - began < seconds * 1000; now = Date.now()) {
      const due = Math.min(((now - began) / 1000) * rate, seconds * rate);
      let text = '';
      for (; sent < due; sent += 1) text += this.next(now);
      if (text && !this.write(text)) await this.#drained();
      each?.(Date.now() - began);
      await pause(BEAT_MS);
    }
    return { sent, seconds: (Date.now() - began) / 1000, began };
  }

  /** The browser sets the pace where it falls behind; what it has not taken would be measured as lateness. */
  #drained() {
    return once(this.#stream, 'drain', { signal: AbortSignal.timeout(DRAIN_MS) }).catch(() => undefined);
  }

  #beat() {
    this.#stream?.write(this.frame('heartbeat', { server_time: new Date().toISOString() }));
  }

  /** @param {string} kind @param {unknown} data */
  frame(kind, data) {
    this.#sequence += kind === 'heartbeat' ? 0 : 1;
    return `event: ${kind}\nid: ${this.#epoch}:${this.#sequence}\ndata: ${JSON.stringify({ kind, data })}\n\n`;
  }

  /** A third new cases, a half steps of those that came last, the rest levels of grids. @param {number} now */
  next(now) {
    const kind = this.random();
    if (kind > 0.83) return this.level(this.#place(), this.#pick(SCORES));
    return this.frame('case', kind > 0.33 && this.cases.length > 0 ? this.#step() : this.fresh(now));
  }

  /** @param {string} place @param {[level: string, score: number]} to */
  level(place, [level, score]) {
    this.levels.set(place, { level, score });
    return this.frame('warning', { place, level, score });
  }

  /** @param {number} now */
  fresh(now) {
    this.total += 1;
    const [west, south, east, north] = this.#bounds;
    const within = (low, high) => low + (0.3 + 0.4 * this.random()) * (high - low);
    const at = [within(west, east), within(south, north)];
    // The number says when it was sent, to the millisecond; the time of the report orders the list.
    const dot = {
      number: `B${now}-${String(this.total).padStart(7, '0')}`, category: this.#pick(this.#categories), class: 'ordinary', state: 'reported',
      place: this.#pick(this.places), at, reported_at: new Date(now).toISOString(), weight: 1 + Math.floor(this.random() * 5), title: '测试',
    };
    if (this.cases.push(dot) > 2 * REMEMBERED) this.cases.splice(0, REMEMBERED);
    return dot;
  }

  #step() {
    const newest = Math.min(MOVING, this.cases.length);
    const at = this.cases.length - newest + Math.floor(this.random() * newest);
    return (this.cases[at] = { ...this.cases[at], state: this.#pick(STATES) });
  }

  /** The newest cases, newest first. @param {number} count */
  newest(count) {
    return this.cases.slice(-count).reverse();
  }

  /** How many grids are at red, yellow, blue and none. */
  counts() {
    const levels = this.places.map((place) => this.levels.get(place)?.level ?? 'none');
    return ['red', 'yellow', 'blue', 'none'].map((level) => levels.filter((each) => each === level).length);
  }

  random() {
    this.#seed = (Math.imul(this.#seed, 1103515245) + 12345) & 0x7fffffff;
    return this.#seed / 0x7fffffff;
  }

  #pick(from) {
    return from[Math.floor(this.random() * from.length)];
  }

  #place() {
    const place = this.#pick(this.places);
    return place === this.spared ? this.#place() : place;
  }
}
