// Watches a page draw: when the map or a panel last changed, when that was on the screen, what is still asked for.

/** Runs in the page before anything else does. */
export function watchDrawing() {
  const seen = { changed: 0, shown: 0, asked: 0, answered: 0 };
  globalThis.benchDrawing = seen;
  const note = () => {
    const at = performance.now();
    seen.changed = at;
    // The second frame from now begins when the first is on the screen.
    requestAnimationFrame(() => requestAnimationFrame(() => (seen.shown = performance.now())));
  };
  globalThis.benchNote = note;
  const paint = CanvasRenderingContext2D.prototype;
  for (const name of ['fill', 'stroke', 'fillRect', 'drawImage', 'putImageData', 'fillText', 'strokeText']) {
    const own = paint[name];
    paint[name] = function (...args) {
      // A canvas that measures text or holds a pattern is no part of the map. Once a frame is enough.
      if (this.canvas.isConnected && performance.now() - seen.changed > 1) note();
      return own.apply(this, args);
    };
  }
  const ownFetch = globalThis.fetch;
  globalThis.fetch = async function (...args) {
    seen.asked += 1;
    try {
      return await ownFetch.apply(this, args);
    } finally {
      seen.asked -= 1;
      seen.answered = performance.now();
    }
  };
}

/** Has changes below a selector count as drawing, from now on. */
export function watchNodes(page, selector) {
  return page.evaluate((selector) => {
    const nodes = document.querySelectorAll(selector);
    if (nodes.length === 0) throw new Error(`no ${selector}`);
    const watch = new MutationObserver(() => globalThis.benchNote());
    for (const node of nodes) watch.observe(node, { subtree: true, childList: true, characterData: true });
  }, selector);
}

/**
 * Waits in the page until nothing has been drawn and nothing asked for during `quietMs`. What the desk draws later, when
 * nothing has happened for longer still, is the margin around the view, of which nothing is seen until somebody pans.
 * Returns when the last change was on the screen, on the page's own clock, and after how long without anything more.
 */
export function settled(page, { since = 0, quietMs = 700, timeout = 60_000 } = {}) {
  return page.evaluate(
    ({ since, quietMs, timeout }) =>
      new Promise((done, fail) => {
        const began = performance.now();
        const look = () => {
          const now = performance.now();
          const seen = globalThis.benchDrawing;
          const quiet = now - Math.max(seen.shown, seen.answered, since) >= quietMs;
          if (seen.asked === 0 && seen.shown > seen.changed && quiet) return done(seen.shown);
          if (now - began < timeout) return setTimeout(look, 20);
          return fail(new Error(`not settled after ${timeout} ms: ${JSON.stringify(seen)}`));
        };
        look();
      }),
    { since, quietMs, timeout },
  );
}
