// Keyboard shortcuts, their list, and the widths of the panes.

const KEYS = [['/', 'go to the filter'], ['↓ in the filter', 'go to the first request'],
  ['↑ ↓ Home End', 'move through the requests'],
  ['← →', 'move through the tabs of a request, or resize a pane'],
  ['Enter', 'open a request'], ['Ctrl+Enter', 'send a form'], ['Esc', 'close the panel'], ['?', 'show these keys']];

$('keys').append(el('h2', {id: 'keys-title'}, 'Keys'), el('table', {class: 'heads'}, el('tbody', {},
  KEYS.map(([keys, what]) => el('tr', {}, el('th', {scope: 'row'}, keys), el('td', {}, what))))),
el('form', {method: 'dialog'}, el('button', {class: 'main'}, 'Close')));
$('help').addEventListener('click', () => $('keys').showModal());

document.addEventListener('keydown', event => {
  const isTyping = /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName) && event.target.type !== 'checkbox';
  if (isTyping || $('keys').open || event.altKey || event.ctrlKey || event.metaKey) return;
  if (event.key === '/') { event.preventDefault(); $('filter').focus() }
  if (event.key === '?') $('keys').showModal();
  if (event.key === 'Escape' && document.body.classList.contains('open')) close();
});

/**
 * A separator that sets the width of the pane on one side of it (ARIA Authoring Practices, "Window Splitter"): it
 * follows the pointer and the arrow keys, and the browser remembers the width.
 */
function separator(id, pane, side) {
  const bar = $(id), property = '--' + id, least = 160;
  const most = () => Math.max(least, Math.round(innerWidth * (side === 'left' ? 0.4 : 0.7)));
  const now = () => Math.round(pane.getBoundingClientRect().width);
  const tell = width => {
    for (const [name, value] of [['valuemin', least], ['valuemax', most()], ['valuenow', width]]) {
      bar.setAttribute('aria-' + name, value);
    }
  };
  const set = width => {
    const fitting = Math.min(most(), Math.max(least, Math.round(width)));
    document.documentElement.style.setProperty(property, fitting + 'px');
    store.set(id, String(fitting));
    tell(fitting);
  };
  const kept = Number(store.get(id));
  if (kept) set(kept);
  else tell(Math.max(least, now()));
  bar.addEventListener('focus', () => tell(now()));
  bar.addEventListener('keydown', event => {
    const step = side === 'left' ? 16 : -16;
    const to = {ArrowRight: now() + step, ArrowLeft: now() - step, Home: least, End: most()}[event.key];
    if (to === undefined) return;
    event.preventDefault();
    set(to);
  });
  bar.addEventListener('pointerdown', event => {
    event.preventDefault();
    bar.focus();
    bar.setPointerCapture(event.pointerId);
  });
  bar.addEventListener('pointermove', event => {
    if (!bar.hasPointerCapture(event.pointerId)) return;
    const box = pane.getBoundingClientRect();
    set(side === 'left' ? event.clientX - box.left : box.right - event.clientX);
  });
}
separator('routes-width', document.querySelector('nav'), 'left');
separator('panel-width', $('panel'), 'right');
