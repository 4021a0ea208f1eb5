// What runs in the page of a flood: keeps hold of memories, notes frames and what the list shows when, looks at a pixel of the map.

/** Runs in the page and in the worker before anything else does: keeps hold of every wasm memory. */
export function hold() {
  globalThis.benchMemories = [];
  const own = WebAssembly.Instance;
  for (const name of ['instantiate', 'instantiateStreaming']) {
    const call = WebAssembly[name].bind(WebAssembly);
    WebAssembly[name] = async (...args) => {
      const made = await call(...args);
      const memory = (made instanceof own ? made : made.instance).exports.memory;
      if (memory) globalThis.benchMemories.push(memory);
      return made;
    };
  }
}

/** Runs in the page before anything else does: long tasks, frames, and when each row of the list first came on the screen. */
export function watch() {
  // What is noted for each frame lies outside of the heap, whose growth is measured.
  const noted = () => ({ count: 0, all: new Float64Array(100_000), push(value) { this.all[this.count++] = value; } });
  const seen = { long: [], rows: noted(), tops: noted(), shown: noted(), frames: noted() };
  /** A row's number says when it was sent, and which it is. */
  const numbers = (row) => /B(\d+)-(\d+)/.exec(row?.cells[1]?.textContent ?? '')?.slice(1).map(Number);
  const first = () => document.querySelector('tbody tr');
  let highest = 0;
  /** The sending of each row that was not there before: new ones stand first. */
  const news = () => {
    const found = [];
    for (let row = first(); row; row = row.nextElementSibling) {
      const [sent, number] = numbers(row) ?? [];
      if (!(number > highest)) break;
      found.push(sent);
    }
    return found;
  };
  globalThis.benchBegin = () => {
    const take = (entries) => entries.forEach((entry) => seen.long.push(entry.duration));
    const observer = new PerformanceObserver((list) => take(list.getEntries()));
    observer.observe({ type: 'longtask' });
    globalThis.benchTake = () => take(observer.takeRecords());
    highest = numbers(first())?.[1] ?? 0;
    const look = () => {
      const top = numbers(first())?.[1];
      if (top > highest) {
        const sent = news();
        highest = top;
        // What this frame has changed is on the screen when the next begins.
        requestAnimationFrame(() => {
          const now = Date.now();
          for (const one of sent) seen.rows.push(now - one);
          seen.tops.push(top);
          seen.shown.push(now);
        });
      }
      seen.frames.push(performance.now());
      seen.next = requestAnimationFrame(look);
    };
    look();
  };
  /** The newest case that the screen has. */
  globalThis.benchTop = () => (seen.tops.count > 0 ? seen.tops.all[seen.tops.count - 1] : 0);
  globalThis.benchEnd = () => {
    cancelAnimationFrame(seen.next);
    globalThis.benchTake();
    const told = ({ all, count }) => [...all.subarray(0, count)];
    const [frames, shown] = [told(seen.frames), told(seen.shown)];
    const tops = told(seen.tops).map((top, n) => ({ top, at: shown[n] }));
    return { long: seen.long, rows: told(seen.rows), tops, frames: frames.slice(1).map((at, n) => at - frames[n]) };
  };
}

/** Runs in the page before anything else does: finds a pixel that a level colours, and says when it has that colour. */
export function watchPixel() {
  const sheet = () => document.querySelector('canvas[data-sheet=Under]:not([hidden])');
  const read = (canvas, ...box) => canvas.getContext('2d').getImageData(...box);
  const far = (a, b) => Math.abs(a[0] - b[0]) + Math.abs(a[1] - b[1]) + Math.abs(a[2] - b[2]);
  let [before, spot] = [];
  const whole = () => read(sheet(), 0, 0, sheet().width, sheet().height);
  const colour = ({ data }, at) => data.subarray(4 * at, 4 * at + 4);

  /** Keeps the map as it is without the level. */
  globalThis.benchKeep = () => void (before = whole());

  /** Takes a pixel from the midst of what has another colour now; a place of the screen, for the sheet's margin comes and goes. */
  globalThis.benchFind = () => {
    const [after, canvas] = [whole(), sheet()];
    const { width, height } = after;
    if (width !== before.width || height !== before.height) throw new Error('the map did not stand still');
    const changed = (at) => at >= 0 && at < width * height && far(colour(before, at), colour(after, at)) > 30;
    const within = (at) => [-4, 4, -4 * width, 4 * width].every((by) => changed(at + by));
    const all = [];
    for (let at = 0; at < width * height; at += 1) if (changed(at) && within(at)) all.push(at);
    if (all.length === 0) throw new Error('the level coloured nothing');
    const [at, box] = [all[all.length >> 1], canvas.getBoundingClientRect()];
    const [x, y] = [(at % width) + 0.5, Math.floor(at / width) + 0.5];
    spot = { x: box.left + (x / width) * box.width, y: box.top + (y / height) * box.height, off: [...colour(before, at)], on: [...colour(after, at)] };
    before = undefined;
  };

  /** Resolves with the time at which the pixel is on the screen with the level's colour, or without. */
  globalThis.benchShown = (lit) =>
    new Promise((done, fail) => {
      const began = performance.now();
      const look = () => {
        const canvas = sheet();
        const box = canvas.getBoundingClientRect();
        const [left, top] = [((spot.x - box.left) / box.width) * canvas.width, ((spot.y - box.top) / box.height) * canvas.height].map(Math.floor);
        const { data } = read(canvas, left, top, 1, 1);
        if (far(data, spot.off) > far(data, spot.on) === lit) return requestAnimationFrame(() => done(Date.now()));
        if (performance.now() - began > 10_000) return fail(new Error('a level was not on the map after 10 s'));
        return requestAnimationFrame(look);
      };
      look();
    });
}

/** Runs in the page: the cells of all rows of the open list, page after page, and how many rows it says there are. */
export async function readList(most) {
  const frame = () => new Promise((done) => requestAnimationFrame(done));
  const first = () => document.querySelector('tbody tr');
  const rows = [];
  for (;;) {
    for (let wait = 0; first()?.getAttribute('aria-rowindex') !== String(rows.length + 2); wait += 1) {
      if (wait > 300) throw new Error(`no page of the list after ${rows.length} rows`);
      await frame();
    }
    rows.push(...[...document.querySelectorAll('tbody tr')].map((row) => [...row.cells].map((cell) => cell.textContent.trim())));
    const next = [...document.querySelectorAll('.list-foot button')].find((button) => button.textContent === '下一页');
    if (!next || next.disabled || rows.length >= most) break;
    next.click();
  }
  return { rows, count: Number(document.querySelector('table[aria-rowcount]').getAttribute('aria-rowcount')) - 1 };
}

/** Runs in the page: what the panel of layers counts: cases in the heat's picture, cases in clusters, areas at red, yellow, blue, none. */
export function readPanel() {
  const figure = (element) => Number(element.textContent.replace(/\u2009/g, '') || 0);
  const rows = [...document.querySelectorAll('.layer-row')];
  const count = (name) => figure(rows.find((row) => row.querySelector('.layer-name').textContent === name).querySelector('.layer-count'));
  const levels = [...document.querySelectorAll('.layer-legend li > .level + .figure')].map(figure);
  return { heat: count('案件热力'), clusters: count('案件'), levels };
}
