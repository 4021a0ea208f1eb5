// Watches the app from outside: shows the card of index.html when the app cannot start or has failed, and reopens the page,
// at most 3 times in 10 minutes. It is plain script because a panic leaves the app's own memory unusable.
(function () {
  'use strict';

  const LIMIT = 3;
  const WINDOW_MS = 10 * 60 * 1000;
  const PAUSE_MS = 2000;
  const KEEP_MS = 100;
  const VERSION_MS = 4 * 60 * 1000;
  const LOAD_MS = 60 * 1000;
  const KEY = 'fengtu.restarts';
  const LOOK = 'fengtu.look';
  const SIZE = 'fengtu.size';
  const TRIED = 'fengtu.tried';
  const MOST_TRIED = 8;
  // Looks in a row that find a version again which was tried before.
  const BELIEVED = 6;
  let failed = false;

  // A wall that opens anew keeps its look: paper must not flash in a dark room.
  const root = document.documentElement;
  const onWall = /^\/wall\/?$/.test(location.pathname);
  if (onWall) {
    root.dataset.theme = 'night';
    try {
      root.dataset.theme = sessionStorage.getItem(LOOK) ?? 'night';
    } catch (_) { /* storage is forbidden */ }
    keepSize();
  }

  // The card is read from the last seat too. How large that is only the app knows: it is kept for an opening without one.
  function keepSize() {
    const here = () => `${innerWidth}×${innerHeight}${location.search} `;
    try {
      const kept = localStorage.getItem(SIZE) ?? '';
      if (kept.startsWith(here())) root.style.setProperty('--t', kept.slice(here().length));
    } catch (_) { /* storage is forbidden */ }
    new MutationObserver(() => {
      const size = root.style.getPropertyValue('--t');
      try {
        if (size) localStorage.setItem(SIZE, here() + size);
      } catch (_) { /* storage is forbidden or full */ }
    }).observe(root, { attributeFilter: ['style'] });
  }

  // The app removes #boot when it mounts.
  const mounted = () => document.getElementById('boot') === null;

  // The tab's name outlives a reload too: it serves where storage is forbidden or full.
  function read() {
    let text = null;
    try {
      text = sessionStorage.getItem(KEY);
    } catch (_) { /* storage is forbidden */ }
    if (text === null && window.name.startsWith(KEY)) text = window.name.slice(KEY.length);
    try {
      const times = JSON.parse(text);
      return Array.isArray(times) ? times.filter(Number.isFinite) : [];
    } catch (_) {
      return [];
    }
  }

  function recent() {
    const now = Date.now();
    return read().filter((time) => time > now - WINDOW_MS && time <= now);
  }

  function write(times) {
    const text = JSON.stringify(times);
    try {
      sessionStorage.setItem(KEY, text);
    } catch (_) {
      window.name = KEY + text;
    }
  }

  const renew = () => window.dispatchEvent(new Event('fengtu:renew'));

  function reopen() {
    try {
      sessionStorage.setItem(LOOK, root.dataset.theme ?? 'night');
    } catch (_) { /* storage is forbidden */ }
    location.reload();
  }

  const get = (path) => fetch(path, { cache: 'no-store', signal: AbortSignal.timeout(8000) });

  // Counts before it reloads: a page that fails at once must not loop. While the server is away it waits: what a browser shows
  // instead of a page has no watchdog, and nobody stands at a wall to press anything.
  async function restart(times) {
    // A load that was slow and has come to its end meanwhile is no failure any more.
    if (root.dataset.failed === 'load' && mounted()) {
      failed = false;
      delete root.dataset.failed;
      return;
    }
    const there = await get(location.pathname).then((answer) => answer.ok, () => false);
    if (!there) {
      setTimeout(() => restart(times), PAUSE_MS);
      return;
    }
    write(times.concat(Date.now()));
    reopen();
  }

  // A wall is never opened anew by hand, a desk seldom: they look for another version by themselves. Some files have names that
  // change with what is in them (those of the site alone: a browser's extensions add others); of these, which do not, the text
  // is compared.
  const NAMED = /(?:^|[^\w.:/-])(\/[\w./-]+-[0-9a-f]{8,}[\w.-]*\.(?:js|wasm|css))/g;
  const UNNAMED = onWall ? ['/config.json', '/standin.js', '/watchdog.js'] : ['/config.json'];
  const text = async (path) => {
    try {
      const answer = await get(path);
      return answer.ok ? await answer.text() : null;
    } catch (_) {
      return null;
    }
  };
  const head = document.head.innerHTML;
  let here = null;
  let last = null;
  let looks = 0;

  // A version as a number, and the files that it names; nothing where it is not there whole.
  function version(html, texts) {
    if (html === null || texts.includes(null)) return null;
    const files = [...new Set([...html.matchAll(NAMED)].map(([, file]) => file))].sort();
    let mark = 0;
    for (const char of [...files, ...texts].join('\n')) mark = (Math.imul(mark, 31) + char.codePointAt(0)) | 0;
    return { mark, files, texts };
  }

  async function look() {
    const [html, ...texts] = await Promise.all([location.pathname, ...UNNAMED].map(text));
    return version(html, texts);
  }

  // Versions that this wall has gone to, or come from.
  function tried() {
    try {
      const marks = JSON.parse(sessionStorage.getItem(TRIED));
      return Array.isArray(marks) ? marks : [];
    } catch (_) {
      return [];
    }
  }

  async function takeUp() {
    const there = await look();
    if (!there) return;
    looks = there.mark === last ? looks + 1 : 1;
    last = there.mark;
    here ??= version(head, there.texts);
    const times = recent();
    if (there.mark === here.mark || failed || times.length >= LIMIT) return;
    // A server that alternates between versions must not make the wall blink. One that has gone back for good is believed in time.
    const marks = tried();
    if (marks.includes(there.mark) && looks < BELIEVED) return;
    // Fetched beforehand, the new version stands where the old one stood within a moment; one that cannot be fetched whole waits.
    const got = await Promise.all(there.files.map((file) => fetch(file).then((answer) => answer.ok && answer.arrayBuffer()).catch(() => false)));
    if (got.some((one) => !one)) return;
    // That took a while: a server that has gone meanwhile would leave a page of the browser's own, which nothing watches.
    if ((await look())?.mark !== there.mark || failed) return;
    write(times.concat(Date.now()));
    try {
      sessionStorage.setItem(TRIED, JSON.stringify([...marks, here.mark, there.mark].slice(-MOST_TRIED)));
    } catch (_) { /* storage is forbidden: three in ten minutes it is */ }
    renew();
    reopen();
  }

  let card = null;

  function show(kind, next, attempt) {
    card ??= document.getElementById('failure');
    for (const part of card.querySelectorAll('[data-when]')) {
      part.hidden = part.dataset.when !== kind && part.dataset.when !== next;
    }
    for (const count of card.querySelectorAll('[data-count]')) count.textContent = String(attempt);
    // In place of the skeleton when the app never came; over what is left of it when it failed later.
    const boot = document.getElementById('boot');
    boot?.replaceChildren(card);
    boot?.removeAttribute('aria-busy');
    // An app that came late took it away with the skeleton.
    if (!card.isConnected) document.body.append(card);
    card.hidden = false;
    card.querySelector('#failure-reload').onclick = reopen;
  }

  let waiting = null;

  function fail(kind) {
    // An app that came late and then failed is no load that is forgiven.
    if (failed && (kind !== 'panic' || root.dataset.failed !== 'load')) return;
    clearTimeout(waiting);
    failed = true;
    root.dataset.failed = kind;
    if (newer) newer.hidden = true;
    const times = recent();
    const again = times.length < LIMIT;
    show(kind, again ? 'retry' : 'stop', times.length + 1);
    // The card first. What was seen last stands where the skeleton would, unless it is long until then.
    if (kind === 'panic') setTimeout(renew, KEEP_MS);
    // Nobody stands at a wall: when the oldest attempt is ten minutes old, there is one to spend again.
    const pause = again ? PAUSE_MS : times[0] + WINDOW_MS - Date.now();
    waiting = setTimeout(() => restart(times.filter((time) => time > Date.now() - WINDOW_MS)), pause);
  }

  const ownScript = (element) => element instanceof HTMLScriptElement || (element instanceof HTMLLinkElement && element.rel === 'modulepreload');

  function onError(event) {
    if (event.target !== window && event.target !== null) {
      if (!mounted() && ownScript(event.target)) fail('load');
      return;
    }
    if (!mounted()) fail('load');
    else if (isTrap(event.error)) fail('panic');
  }

  // A stack or a buffer that does not suffice is a RangeError: thrown through the app's own code, it leaves that in the middle of
  // something.
  function isTrap(error) {
    const isFull = error instanceof RangeError || error?.name === 'InternalError';
    return error instanceof WebAssembly.RuntimeError || (isFull && /wasm/.test(error.stack) && !/-extension:/.test(error.stack));
  }

  // The app's panic hook announces itself; a trap without a hook arrives as a RuntimeError.
  window.addEventListener('fengtu:panic', () => fail('panic'));
  window.addEventListener('error', onError, true);
  window.addEventListener('unhandledrejection', (event) => {
    if (!mounted()) fail('load');
    else if (isTrap(event.reason)) fail('panic');
  });

  // A load that neither ends nor fails: nobody stands at a wall to try again.
  if (onWall) {
    setTimeout(() => {
      if (!mounted()) fail('load');
    }, LOAD_MS);
  }

  // The desk is in somebody's hands, who may be writing: it says that there is another version and leaves the moment to them.
  const newer = document.getElementById('newer');
  const LATER_MS = 60 * 60 * 1000;
  let turn = 0;

  async function tell() {
    if (document.hidden) return;
    const mine = ++turn;
    const there = await look();
    if (!there || mine !== turn) return;
    here ??= version(head, there.texts);
    newer.hidden = failed || [here.mark, last].includes(there.mark);
    newer.dataset.mark = there.mark;
  }

  function later() {
    last = Number(newer.dataset.mark);
    setTimeout(() => (last = null), LATER_MS);
    newer.hidden = true;
  }

  if (onWall || newer) {
    Promise.all(UNNAMED.map(text)).then((texts) => (here = version(head, texts)));
    setInterval(onWall ? takeUp : tell, VERSION_MS);
  }
  // A style sheet that did not come has said so before this script runs. The app starts without it, and looks like nothing: the card
  // lies over it, and brings its own looks, dark as a room may be. Residents' pages can be read without.
  const isEmpty = ({ sheet }) => !sheet?.cssRules.length;
  if (newer && [...document.querySelectorAll('link[rel=stylesheet][href^="/"]')].some(isEmpty)) {
    fail('load');
    root.dataset.failed = 'style';
    document.body.append(card);
    card.style.cssText = 'position:fixed;inset:0;z-index:9999;overflow:auto;padding:1em;color:white;background:black;font-size:min(var(--t,1em),5vmin)';
  }

  if (newer && !onWall) {
    document.addEventListener('visibilitychange', tell);
    document.getElementById('newer-reload').addEventListener('click', () => location.reload());
    document.getElementById('newer-later').addEventListener('click', later);
  }
})();
