// The panel: it shows what the address names, such as a request with its parts.

let tab = 'response', shown = null;
/** The pending request in the panel, if any: its number, or the name that this page gave it, and how to update it. */
let watched = null;

function close() {
  const before = location.hash;
  location.hash = '';
  const number = (before.match(/^#\w+\/(\d+)/) || [])[1];
  const row = number ? $('rows').querySelector('[data-number="' + number + '"] a')
    : document.querySelector('nav a[href="' + CSS.escape(before) + '"]');
  setTimeout(() => (row || $('filter')).focus());
}

function open(...children) {
  document.body.classList.add('open');
  $('panel').hidden = false;
  $('panel').replaceChildren(...children);
  $('panel').scrollTop = 0;
  $('panel').dataset.view = shown;
}

function head(title, ...facts) {
  return el('div', {class: 'head'},
    el('button', {type: 'button', class: 'close', onclick: close, 'aria-label': 'Back to the requests'},
      el('span', {class: 'back'}, '← Requests'),
      el('span', {class: 'x', 'aria-hidden': 'true'}, '✕')),
    el('h2', {tabindex: -1, title}, title), el('p', {class: 'facts'}, facts));
}

/** Shows what the address names. The focus stays where it is if {@code isIdle}: the user did not ask for it. */
async function route(isIdle) {
  const [kind, what, more] = location.hash.slice(1).split('/');
  if (/^\d+$/.test(kind)) return location.replace('#requests/' + kind);
  mark();
  shown = location.hash;
  watched = null;
  if (kind === 'requests') return showRequest(Number(what));
  if (kind === 'edit') return edit(Number(what));
  if (kind === 'diff') return showDiff(Number(what), Number(more));
  if (kind === 'call') {
    const found = project.routes.find(each => key(each) === what);
    if (found) return showForm(call(found), isIdle === true);
  }
  if (kind === 'invoke') {
    const found = project.functions.find(each => encodeURIComponent(each.id) === what);
    if (found) return showForm(invoke(found, more), isIdle === true);
  }
  document.body.classList.remove('open');
  $('panel').hidden = true;
}

const title = row => verb(row) + ' ' + name(row);

async function showRequest(number) {
  const wanted = location.hash;
  const isOpen = document.body.classList.contains('open');
  const row = await attempt(() => loadRequest(number));
  if (location.hash !== wanted) return;
  if (!row) return open(head('Request ' + number), el('p', {class: 'ask none'}, 'This request is no longer kept.'));
  open(...detail(row, head(title(row), facts(row))));
  if (row.pending) watch({number}, row, $('panel'), now => open(...detail(now, head(title(now), facts(now)))));
  if (narrow.matches && !isOpen) $('panel').querySelector('h2').focus();
}

async function loadRequest(number) {
  const row = await ask('requests/' + number);
  row.pending = row.order === 0;
  return row;
}

/** Updates a pending request when it changes; if only its body has grown, that is appended. */
function watch(which, row, container, show) {
  let status = row && row.status;
  watched = {...which, seen: row && row.bytes + ' ' + row.status, update: now => {
    const pre = container.querySelector('pre.growing');
    const old = pre && pre.textContent, text = now.response.text;
    if (now.pending && pre && text != null && text.startsWith(old)) {
      pre.append(text.slice(old.length));
      container.querySelector('.so-far').textContent = 'text, ' + size(now.response.length) + ' so far';
      return;
    }
    if (now.pending && now.status === status && tab !== 'response') return;
    status = now.status;
    const focus = container.contains(document.activeElement) && document.activeElement.id;
    show(now);
    if (focus && $(focus)) $(focus).focus();
  }};
}

/** Updates the watched request if it has changed. */
async function follow(data) {
  const now = watched;
  if (!now) return;
  const row = data.pending.find(each => each.number === now.number || now.page && each.page === now.page);
  if (row) now.number = row.number;
  const seen = row ? row.bytes + ' ' + row.status : 'done';
  if (!now.number || seen === now.seen) return;
  now.seen = seen;
  const found = await attempt(() => loadRequest(now.number));
  if (watched !== now || !found) return;
  if (!found.pending) watched = null;
  now.update(found);
}

function facts(row) {
  const cold = row.cold ? 'cold start, ' + duration(row.invoked.initMillis) : 'warm';
  const status = row.status ? el('span', {class: 'status ' + tone(row)}, String(row.status)) : '';
  const length = row.pending ? [el('span', {}, row.status ? 'streaming' : 'pending'),
    el('span', {'data-since': row.time}, elapsed(row.time))] : el('span', {}, duration(row.millis));
  const own = [...rows.values()].find(each => each.number === row.number && isOwn(each));
  return [el('a', {href: '#' + row.number}, '#' + row.number), status, length,
    own ? el('button', {type: 'button', class: 'cancel', onclick: event => {
      cancel(own);
      event.target.remove();
      $('panel').querySelector('h2').focus();
    }}, 'Cancel') : '',
    el('span', {}, time(row.time)), row.function !== '-' && !isInvocation(row) ? el('span', {}, row.function) : '',
    row.cold == null ? '' : el('span', {class: 'tag'}, cold),
    ...row.notes.filter(note => note !== 'cold start').map(note => el('span', {}, note))];
}

/** The panel's content for a request: its actions and its parts. */
function detail(row, title) {
  const of = row.invoked, fails = row.problems.length || of && of.trace;
  const parts = [
    fails ? ['error', 'Error', null, () => error(row)] : null,
    ['response', 'Response', row.response.length > 0 && !row.pending ? size(row.response.length) : null,
      () => message(row, row.responseHeaders, row.response, 'response')],
    of ? ['event', 'Event', size(of.event.length), () => content(row, of.event, 'event')] : null,
    of ? ['answer', 'Function response', of.answer.length > 0 ? size(of.answer.length) : null,
      () => content(row, of.answer, 'answer')] : null,
    of ? ['log', 'Log', of.log ? count(lines(of.log).length, 'line') : null, () => log(row)] : null,
    ['request', 'Request', row.body.length > 0 ? size(row.body.length) : null,
      () => message(row, row.headers, row.body, 'body')]].filter(Boolean);
  return [title, row.pending ? '' : actions(row), ...tabs(parts, fails ? 'error' : tab)];
}

/** A button. If there is a reason why it is disabled, using it shows the reason. */
function button(text, onclick, reason) {
  return el('button', reason ? {type: 'button', 'aria-disabled': 'true', title: reason, onclick: () => say(reason)}
    : {type: 'button', onclick}, text);
}

function actions(row) {
  const of = row.invoked, earlier = earlierThan(row);
  const link = (text, href, more) => el('a', {class: 'button', href, ...more}, text);
  const long = what => 'The ' + what + ' is over 256 KB, and only the first part is kept';
  return el('div', {class: 'actions'},
    button('Replay', () => replay(row.number), row.body.isCut && long('body')),
    isInvocation(row) ? '' : link('Edit and replay', '#edit/' + row.number),
    of ? link(isInvocation(row) ? 'Edit and invoke again' : 'Invoke with this event',
      '#invoke/' + encodeURIComponent(row.function) + '/' + row.number) : '',
    earlier ? link('Compare with #' + earlier.number, '#diff/' + earlier.number + '/' + row.number) : '',
    button('Copy as curl', () => copy(row.curl, 'curl command'), row.curl ? null : long('body')),
    of && (row.test || row.testReason) ? button('Copy as JUnit test', () => copy(row.test, 'JUnit test'),
      row.test ? null : 'No JUnit test: ' + row.testReason) : '',
    !of ? '' : of.event.isCut ? button('Save event', null, long('event'))
      : link('Save event', 'api/requests/' + row.number + '/event', {download: true,
        title: 'a file for: samlocal invoke ' + row.function + ' --event FILE'}));
}

async function replay(number) {
  const wanted = location.hash;
  const sent = await attempt(() => ask('requests/' + number + '/replay', {}, newPage()));
  if (sent && location.hash === wanted) location.hash = 'requests/' + sent.number;
}

async function copy(text, what) {
  try {
    await navigator.clipboard.writeText(text);
    say(what + ' copied');
  } catch (error) {
    say('The browser does not allow this page to copy');
  }
}

/** Tabs as in the ARIA Authoring Practices: arrow keys move between them, Tab goes to their panel. */
function tabs(parts, wanted) {
  const panel = el('div', {role: 'tabpanel', id: 'part', tabindex: 0});
  const list = el('div', {role: 'tablist', 'aria-label': 'Parts of the request'});
  const choose = (id, byHand) => {
    const part = parts.find(each => each[0] === id) || parts[0];
    if (byHand) tab = part[0];
    for (const each of list.children) {
      const isChosen = each.id === 'tab-' + part[0];
      each.setAttribute('aria-selected', isChosen);
      each.tabIndex = isChosen ? 0 : -1;
    }
    panel.setAttribute('aria-labelledby', 'tab-' + part[0]);
    panel.replaceChildren(...[part[3]()].flat().filter(Boolean));
  };
  for (const [id, title, note] of parts) {
    list.append(el('button', {type: 'button', role: 'tab', id: 'tab-' + id, 'aria-controls': 'part',
      class: id === 'error' ? 'bad' : null, onclick: () => choose(id, true)},
      title, note ? el('small', {}, ' ' + note) : ''));
  }
  list.addEventListener('keydown', event => {
    const all = [...list.children], at = all.indexOf(document.activeElement);
    const to = {ArrowRight: all[(at + 1) % all.length], ArrowLeft: all[(at + all.length - 1) % all.length],
      Home: all[0], End: all[all.length - 1]}[event.key];
    if (!to) return;
    event.preventDefault();
    to.focus();
    to.click();
  });
  choose(wanted, false);
  return [list, panel];
}
