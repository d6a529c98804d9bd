/*
 * For host pages that call iFrameResize(options, frame): the frame gets the height of what is in it.
 * Of the options, minHeight, maxHeight, onInit and onResized are read.
 * Listens to that frame's window and origin only, and sends to that origin only.
 */
(function () {
  'use strict';
  var HIGHEST = 30000;
  var connected = [];

  function connect(frame, options) {
    if (connected.indexOf(frame) >= 0) return;
    connected.push(frame);
    var origin = new URL(frame.src, document.baseURI).origin;
    var least = Number(options.minHeight) || 0;
    var most = Math.min(HIGHEST, Number(options.maxHeight) || HIGHEST);
    function hello() {
      if (frame.contentWindow) frame.contentWindow.postMessage({ type: 'cloison:hello', provides: false }, origin);
    }
    window.addEventListener('message', function (event) {
      if (!event.source || event.source !== frame.contentWindow || event.origin !== origin) return;
      var said = event.data;
      if (!said || said.type !== 'cloison:height' || typeof said.height !== 'number') return;
      var height = Math.min(most, Math.max(least, Math.ceil(said.height)));
      frame.style.height = height + 'px';
      if (typeof options.onResized === 'function') options.onResized({ iframe: frame, height: height, type: 'resize' });
    });
    frame.addEventListener('load', hello);
    /* Pages call this from the frame's own onload: it is there already. */
    hello();
    if (typeof options.onInit === 'function') options.onInit(frame);
  }

  window.iFrameResize = function (options, target) {
    var found =
      typeof target === 'string' || !target
        ? Array.prototype.slice.call(document.querySelectorAll(target || 'iframe'))
        : target.tagName
          ? [target]
          : Array.prototype.slice.call(target);
    found.forEach(function (frame) {
      connect(frame, options || {});
    });
    return found;
  };
})();
