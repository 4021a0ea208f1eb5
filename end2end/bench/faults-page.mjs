// What runs in the page of a wall that is broken on purpose: it tells when which picture is on the screen, and breaks it from within.

/** Runs in the page before anything else does: keeps hold of its wasm, and tells once of each picture by when it was on the screen. */
export function watch() {
  const told = new Set();
  const panels = () => [...document.querySelectorAll('.wall-panel')].filter((panel) => panel.checkVisibility()).length;
  const tell = (what) => window.tell({ what, at: Date.now(), opened: performance.timeOrigin, panels: panels() });
  const readable = () => {
    const card = document.getElementById('failure');
    return card?.hidden === false && card.checkVisibility() && card.innerText.trim() !== '';
  };
  // The app's own, and not what was seen last, which stands over it meanwhile.
  const has = (part) => document.querySelector(`body > .wall ${part}`) !== null;
  const live = () => has('.wall-fresh.live');
  const whole = () => live() && !has('.wall-waiting') && has('canvas[data-picture=Base]:not([hidden])');
  const look = () => {
    for (const [what, is] of Object.entries({ card: readable, live, whole })) {
      if (told.has(what) || !is()) continue;
      told.add(what);
      // What this frame has changed is on the screen when the next begins.
      requestAnimationFrame(() => requestAnimationFrame(() => tell(what)));
    }
  };
  new MutationObserver(look).observe(document, { subtree: true, childList: true, attributeFilter: ['class', 'hidden'] });
  addEventListener('TrunkApplicationStarted', ({ detail }) => (window.wasm = detail.wasm));
  addEventListener('DOMContentLoaded', () => tell('opened'));
  window.tellFault = () => tell('fault');
}

/** A trap of the machine: what the page calls back is given an address beyond all memory. */
export function trap() {
  const name = Object.keys(window.wasm).find((each) => /^__wasm_bindgen_func_elem|^wasm_bindgen__convert__closures/.test(each));
  // In a task of its own, as a callback comes; not by a timer, whose errors a clock that is put on keeps to itself.
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => {
    window.tellFault();
    window.wasm[name](0xfffffff0, 0xfffffff0);
  };
  port2.postMessage('now');
}

/** Memory that runs out: when the next figures come no page of it is left, and they are larger than what lies free. */
export function starve() {
  const native = window.fetch;
  const fill = (memory) => {
    for (let pages = 16_384; pages >= 1; pages = Math.floor(pages / 2)) {
      try {
        for (;;) memory.grow(pages);
      } catch {
        // No more of this size.
      }
    }
  };
  window.fetch = async (...asked) => {
    const answer = await native.apply(window, asked);
    if (!String(asked[0].url ?? asked[0]).includes('/statistics')) return answer;
    window.fetch = native;
    const large = `${await answer.text()}${' '.repeat(24_000_000)}`;
    fill(window.wasm.memory);
    window.tellFault();
    return new Response(large, { status: answer.status, headers: answer.headers });
  };
}
