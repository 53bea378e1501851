// The server's data: requests, the project, and what is sent.

let rows = new Map(), loads = 0, isLoading = false, first = 0;
/** The requests of this page that are pending: the name of each, and its AbortController. */
const waiting = new Map();

/** Calls the server, with POST if there is a body. If that sends a request, {@code page} is a name for it. */
async function ask(path, body, page) {
  const options = body === undefined ? {} : {method: 'POST', body: JSON.stringify(body),
    headers: {'X-Samlocal-Inspector': page || '1', 'Content-Type': 'application/json'}};
  if (page) {
    const controller = new AbortController();
    options.signal = controller.signal;
    waiting.set(page, controller);
  }
  try {
    const response = await fetch('api/' + path, options);
    const answer = await response.json();
    if (!response.ok) throw new Error(answer.message || 'status ' + response.status);
    return answer;
  } catch (error) {
    if (error.name === 'AbortError') throw new Error('Canceled. The function may still be running.');
    throw error;
  } finally {
    waiting.delete(page);
  }
}

let sent = 0;
const newPage = () => 'page-' + Math.random().toString(36).slice(2) + '-' + ++sent;
const isOwn = row => row.pending && waiting.has(row.page);

/** Stops waiting for a request of this page; the function runs on. */
function cancel(row) {
  const controller = waiting.get(row.page);
  waiting.delete(row.page);
  if (controller) controller.abort();
  showRows([]);
}

async function attempt(work) {
  try { return await work() } catch (error) { say(error.message); return null }
}

function listen() {
  const live = new EventSource('api/live');
  const state = (text, type) => { $('status').textContent = text; $('status').className = 'state ' + type };
  live.addEventListener('hello', () => {
    state('live', 'live');
    loadProject();
    loadRows();
  });
  live.addEventListener('news', event => news(JSON.parse(event.data)));
  live.addEventListener('busy', () => {
    live.close();
    state('too many inspector pages are open: close one and reload', 'lost');
  });
  live.onerror = () => state('the server does not respond, trying again', 'lost');
}

function news(data) {
  if (data.revision !== project.revision) loadProject();
  const isOther = data.requests.length || data.first !== first;
  first = data.first;
  if (isLoading || filters() && isOther) loadRows();
  else if (!filters()) {
    for (const [number, row] of rows) if (row.pending || row.order < data.first) rows.delete(number);
    [...data.requests, ...pendingRows(data)].forEach(row => rows.set(row.number, row));
    showRows(data.requests.map(row => row.number));
    const last = data.requests[data.requests.length - 1];
    if (last) say(data.requests.length > 1 ? count(data.requests.length, 'new request')
      : verb(last) + ' ' + name(last) + ' ' + last.status + (tone(last) === 'bad' ? ' failed, ' : ', ')
      + duration(last.millis));
  }
  follow(data);
}

const pendingRows = data => data.pending.map(row => ({...row, pending: true}));

async function loadProject() {
  const found = await attempt(() => ask('project'));
  if (!found) return;
  const isOther = project.revision !== found.revision;
  project = found;
  showProject();
  const isIdle = !$('panel').contains(document.activeElement);
  if (isOther && isIdle && /^#(call|invoke)/.test(location.hash)) route(true);
}

/** Loads the list. News that arrive meanwhile load it once more, since it may not contain them. */
async function loadRows() {
  const turn = ++loads;
  isLoading = true;
  const query = '?q=' + encodeURIComponent($('filter').value) + ($('failed').checked ? '&errors=1' : '');
  const found = await attempt(() => ask('requests' + query));
  if (turn !== loads) return;
  isLoading = false;
  if (!found) return;
  const all = [...found.requests, ...filters() ? [] : pendingRows(found)];
  rows = new Map(all.map(row => [row.number, row]));
  showRows([]);
}
const filters = () => $('filter').value.trim() || $('failed').checked;
