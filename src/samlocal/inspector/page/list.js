// The list of requests, its filter and its keys.

function line(row, isNew) {
  const status = !row.pending ? String(row.status) : isOwn(row) ? el('button', {type: 'button', class: 'cancel',
    onclick: () => cancel(row), 'aria-label': 'Cancel ' + verb(row) + ' ' + name(row)}, 'Cancel') : 'pending';
  return el('tr', {class: isNew ? 'new' : null, 'data-number': row.number, 'data-state': state(row)},
    el('td', {}, time(row.time)),
    el('td', {}, method(verb(row))),
    el('td', {title: name(row)}, el('a', {href: '#requests/' + row.number}, name(row))),
    el('td', {class: 'status ' + tone(row)}, status),
    row.pending ? el('td', {class: 'number', 'data-since': row.time}, elapsed(row.time))
      : el('td', {class: 'number'}, duration(row.millis)),
    el('td', {class: 'wide', title: row.function}, row.function === '-' ? '' : row.function),
    el('td', {class: 'wide ' + (row.failed ? tone(row) : ''), title: row.notes.join('\n')},
      row.pending && row.status ? 'streaming' : row.notes.join(', ')));
}

/** What a row shows besides its request: when it changes, the row is drawn again. */
const state = row => !row.pending ? 'done' : (isOwn(row) ? 'own' : 'pending') + row.status;

setInterval(() => document.querySelectorAll('[data-since]').forEach(each => {
  each.textContent = elapsed(Number(each.dataset.since));
}), 200);

/** Shows the rows; those that have not changed stay, since one of them may have the focus. */
function showRows(fresh) {
  const body = $('rows'), known = new Map([...body.rows].map(row => [Number(row.dataset.number), row]));
  const numbers = [...rows.keys()].sort((a, b) => b - a);
  known.forEach((row, number) => { if (!rows.has(number)) row.remove() });
  let next = body.firstElementChild;
  for (const number of numbers) {
    const row = rows.get(number), old = known.get(number);
    if (old && old.dataset.state !== state(row)) {
      const changed = line(row, fresh.includes(number)), hadFocus = old.contains(document.activeElement);
      if (old === next) next = changed;
      old.replaceWith(changed);
      known.set(number, changed);
      if (hadFocus) changed.querySelector('a').focus();
    }
    if (next && Number(next.dataset.number) === number) { next = next.nextElementSibling; continue }
    body.insertBefore(known.get(number) || line(row, fresh.includes(number)), next);
  }
  $('count').textContent = count(numbers.length, filters() ? 'match' : 'request').replace('matchs', 'matches');
  mark();
  showEmpty();
}

function showEmpty() {
  $('empty').hidden = rows.size > 0;
  $('empty').replaceChildren(...filters() ? ['No requests match.']
    : ['No requests yet. Choose a route, or send one to ', el('code', {}, project.address)]);
}

/** Marks the request, route or function that the panel shows. */
function mark() {
  const number = (location.hash.match(/^#requests\/(\d+)/) || [])[1];
  for (const row of $('rows').rows) {
    const isChosen = row.dataset.number === number;
    row.classList.toggle('chosen', isChosen);
    row.querySelector('a').toggleAttribute('aria-current', isChosen);
  }
  document.querySelectorAll('nav a').forEach(link => {
    if (link.getAttribute('href') === location.hash) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  });
}

$('rows').addEventListener('click', event => {
  const row = event.target.closest('tr');
  const isMeant = row && !event.target.closest('a, button') && !String(getSelection());
  if (isMeant) location.hash = 'requests/' + row.dataset.number;
});

$('rows').addEventListener('keydown', event => {
  const row = event.target.closest('tr'), all = $('rows').rows;
  const to = {ArrowDown: row.nextElementSibling, ArrowUp: row.previousElementSibling, Home: all[0],
    End: all[all.length - 1]}[event.key];
  if (!to || event.altKey || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  to.querySelector('a').focus();
  to.scrollIntoView({block: 'nearest'});
  if (/^#requests/.test(location.hash)) location.replace('#requests/' + to.dataset.number);
});

let typing;
$('filter').addEventListener('input', () => { clearTimeout(typing); typing = setTimeout(loadRows, 120) });
$('filter').addEventListener('keydown', event => {
  const first = $('rows').querySelector('a');
  if (event.key !== 'ArrowDown' || !first) return;
  event.preventDefault();
  first.focus();
});
$('failed').addEventListener('change', loadRows);
$('search').addEventListener('submit', event => { event.preventDefault(); loadRows() });
$('clear').addEventListener('click', async () => {
  await attempt(() => ask('clear', {}));
  loadRows();
  say('cleared');
});
$('skip').addEventListener('click', event => {
  event.preventDefault();
  ($('rows').querySelector('a') || $('filter')).focus();
});
