// The heat of a server that has what a flood has sent: the answer of the one behind it, with the new cases after its own.
const HEAD = 52;
/** More than a whole run sends. */
const ROOM = 1 << 21;
const BYTES = { second: 4, x: 2, y: 2, category: 1, weight: 1 };

/** Keeps what was sent as columns that grow, so that an answer is put together in a moment. */
export class SentCases {
  count = 0;
  #names = new Map();
  #second = new Float64Array(ROOM);
  #lon = new Float64Array(ROOM);
  #lat = new Float64Array(ROOM);
  #category = new Uint8Array(ROOM);
  #weight = new Uint8Array(ROOM);

  /** Takes a case as the stream has it. */
  push({ reported_at, at, category, weight }) {
    if (this.count === this.#second.length) throw new Error('more cases than there is room for');
    if (!this.#names.has(category)) this.#names.set(category, this.#names.size);
    this.#second[this.count] = Math.floor(Date.parse(reported_at) / 1000);
    [this.#lon[this.count], this.#lat[this.count]] = at;
    this.#category[this.count] = this.#names.get(category);
    this.#weight[this.count] = weight;
    this.count += 1;
  }

  /** Gives an answer in columns (crates/wire/src/heat/columns.rs) with these cases behind it, how many it has then, and how many of its
   * own were reported from a second on: a page has a whole year, of which it counts a period. */
  behind(answer, since) {
    const own = read(answer);
    const names = [...own.categories, ...[...this.#names.keys()].filter((name) => !own.categories.includes(name))];
    const number = Uint8Array.from(this.#names.keys(), (name) => names.indexOf(name));
    const [west, south, east, north] = own.bounds;
    const part = (value, low, high) => Math.round(((value - low) / (high - low)) * 65_535);
    const within = (value) => {
      if (!(value >= 0 && value <= 65_535)) throw new Error('a case lies beyond the box of the answer');
      return value;
    };
    const count = own.count + this.count;
    const table = padded(JSON.stringify({ categories: names }));
    const body = Buffer.alloc(HEAD + table.length + 10 * count);
    answer.copy(body, 0, 0, HEAD);
    body.writeUInt32LE(count, 4);
    body.writeUInt32LE(table.length, 48);
    table.copy(body, HEAD);
    const write = {
      second: (at, n) => body.writeUInt32LE(this.#second[n] - own.base, at),
      x: (at, n) => body.writeUInt16LE(within(part(this.#lon[n], west, east)), at),
      y: (at, n) => body.writeUInt16LE(within(part(this.#lat[n], south, north)), at),
      category: (at, n) => body.writeUInt8(number[this.#category[n]], at),
      weight: (at, n) => body.writeUInt8(this.#weight[n], at),
    };
    let [to, from] = [HEAD + table.length, own.start];
    for (const [column, wide] of Object.entries(BYTES)) {
      answer.copy(body, to, from, from + wide * own.count);
      for (let n = 0; n < this.count; n += 1) write[column](to + wide * (own.count + n), n);
      [to, from] = [to + wide * count, from + wide * own.count];
    }
    const seconds = Array.from({ length: own.count }, (_, n) => own.base + answer.readUInt32LE(own.start + 4 * n));
    return { body, count, own: seconds.filter((second) => second >= since).length };
  }
}

function read(answer) {
  if (answer.toString('latin1', 0, 4) !== 'FTP2') throw new Error('no columns of points');
  const length = answer.readUInt32LE(48);
  const { categories } = JSON.parse(answer.toString('utf8', HEAD, HEAD + length));
  const bounds = [0, 1, 2, 3].map((side) => answer.readDoubleLE(16 + 8 * side));
  return { count: answer.readUInt32LE(4), base: Number(answer.readBigInt64LE(8)), bounds, categories, start: HEAD + length };
}

function padded(text) {
  const bytes = Buffer.from(text);
  return Buffer.concat([bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4, 32)]);
}
