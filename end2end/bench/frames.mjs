// Frames of the screen, and which of them has what is painted now.

/** Runs in the page before anything else does: keeps the time of each frame, and says which one is painted for, as its number among them. */
export function watchFrames() {
  const times = [];
  let isIn = false;
  // What is painted in a frame's own callbacks is in that frame, what is painted between them in the next.
  globalThis.benchFrames = { times, current: () => times.length - (isIn ? 1 : 0) };
  const ask = globalThis.requestAnimationFrame.bind(globalThis);
  const enter = (at) => times.at(-1) === at || times.push(at);
  const each = (at) => {
    enter(at);
    ask(each);
  };
  ask(each);
  globalThis.requestAnimationFrame = (callback) =>
    ask((at) => {
      enter(at);
      isIn = true;
      try {
        callback(at);
      } finally {
        isIn = false;
      }
    });
}
