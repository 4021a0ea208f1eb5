// What stands while a wall opens anew for a new version: what was seen last, until the app has as much to show. Nobody at a wall
// should see that anything happened. It is plain script because it must stand before the app is there.
(function () {
  'use strict';

  if (!/^\/wall\/?$/.test(location.pathname)) return;

  const KEY = 'fengtu.standin';
  const LONGEST_MS = 10 * 1000;
  // What is older was not kept for this opening: nobody knows whose figures it shows, and of when.
  const OLDEST_MS = 30 * 1000;
  const PACE_MS = 100;
  // Pictures of the map are kept no wider than this: storage is for a few megabytes.
  const WIDEST_PX = 1920;
  const root = document.documentElement;
  const outside = 'script, noscript, #boot, #failure, #news, #standin';

  function pictureOf(canvas) {
    const image = document.createElement('img');
    for (const { name, value } of canvas.attributes) image.setAttribute(name === 'style' ? 'data-style' : name, value);
    const scale = Math.min(1, WIDEST_PX / canvas.width);
    const copy = document.createElement('canvas');
    [copy.width, copy.height] = [canvas.width, canvas.height].map((size) => Math.max(1, Math.round(size * scale)));
    copy.getContext('2d').drawImage(canvas, 0, 0, copy.width, copy.height);
    image.src = copy.toDataURL('image/webp');
    return image;
  }

  // Elements as text. The page's policy forbids styles in HTML, so that they are kept as data; the names of elements are the app's.
  function textOf(parts) {
    const copy = document.createElement('div');
    copy.append(...parts.map((part) => part.cloneNode(true)));
    const shown = parts.flatMap((part) => [...part.querySelectorAll('canvas')]);
    for (const [at, canvas] of [...copy.querySelectorAll('canvas')].entries()) {
      if (shown[at].checkVisibility() && shown[at].width > 1) canvas.replaceWith(pictureOf(shown[at]));
      else canvas.remove();
    }
    for (const styled of copy.querySelectorAll('[style]')) {
      styled.dataset.style = styled.getAttribute('style');
      styled.removeAttribute('style');
    }
    for (const named of copy.querySelectorAll('[id]')) named.id = `was-${named.id}`;
    return copy.innerHTML.replaceAll('url(#', 'url(#was-').replaceAll('href="#', 'href="#was-');
  }

  // What a wall has when it is whole. From far seats there are figures and no panels, and not every map has a ground.
  const PARTS = [':is(.wall-panel, .wall-hero)', '.wall-fresh.live', 'canvas[data-picture=Base]:not([hidden])'];
  const unknown = (wall) => [...wall.querySelectorAll('.wall-value')].filter((figure) => figure.textContent === '–').length;

  function keep() {
    try {
      const parts = [...document.body.children].filter((child) => !child.matches(outside));
      const wall = document.querySelector('body > .wall');
      const had = { parts: PARTS.filter((part) => wall.querySelector(part)), unknown: unknown(wall) };
      sessionStorage.setItem(KEY, JSON.stringify({ at: Date.now(), had, style: root.getAttribute('style') ?? '', text: textOf(parts) }));
    } catch (_) { /* storage is forbidden or full: the app's own beginning is seen */ }
  }

  function kept() {
    try {
      const text = sessionStorage.getItem(KEY);
      sessionStorage.removeItem(KEY);
      const before = JSON.parse(text);
      const age = Date.now() - before.at;
      return age >= 0 && age < OLDEST_MS ? before : null;
    } catch (_) {
      return null;
    }
  }

  // What an older version has kept does not say what it had.
  function stand({ had = { parts: PARTS, unknown: Infinity }, style, text }) {
    const parsed = new DOMParser().parseFromString(text, 'text/html').body;
    for (const styled of parsed.querySelectorAll('[data-style]')) styled.style.cssText = styled.dataset.style;
    for (const image of parsed.querySelectorAll('img')) image.decoding = 'sync';
    root.style.cssText = style;
    const element = document.createElement('div');
    element.id = 'standin';
    element.inert = true;
    element.setAttribute('aria-hidden', 'true');
    element.append(...parsed.childNodes);
    document.body.append(element);
    const end = Date.now() + LONGEST_MS;
    const timer = setInterval(() => {
      if (!isThere(had) && !isSignedOut() && !root.dataset.failed && Date.now() < end) return;
      clearInterval(timer);
      element.remove();
    }, PACE_MS);
  }

  // Signed out meanwhile: whoever is to sign it in must see where, and the old figures are nobody's any more.
  const isSignedOut = () => document.querySelector('body > main .entry-form') !== null;

  // The app shows as much as it did when nothing of it waits any more and it has each part that was there.
  function isThere(had) {
    const wall = document.querySelector('body > .wall');
    return wall !== null && had.parts.every((part) => wall.querySelector(part)) && !wall.querySelector('.wall-waiting') && unknown(wall) <= had.unknown;
  }

  window.addEventListener('fengtu:renew', keep);
  const before = kept();
  if (before) stand(before);
})();
