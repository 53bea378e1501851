// The form that invokes a function with an event, without any API.

/** The groups of events that a form offers; the value of an option is the kind and the name of the event. */
function eventSources(of, saved) {
  const all = project.samples.map(each => each.service + ' ' + each.type);
  const describe = name => (project.samples.find(each => each.service + ' ' + each.type === name) || {}).description;
  const services = [...new Set(project.samples.map(each => each.service))];
  const group = (title, kind, names) => names.length ? el('optgroup', {label: title}, names.map(name =>
    el('option', {value: kind + ' ' + name, title: kind === 'sample' ? describe(name) : null}, name))) : null;
  return [group('Saved in this browser', 'saved', Object.keys(saved).sort()),
    group('Samples for this function', 'sample', of.samples),
    group('Files in events/' + (project.events.length < project.mostEvents ? '' : ' (the first '
      + project.mostEvents + ')'), 'file', project.events),
    ...services.map(service => group('Samples of ' + service, 'sample', all.filter(each =>
      each.startsWith(service + ' '))))].filter(Boolean);
}

/** Loads an event as text; null if it does not exist. */
async function loadEvent(kind, name, saved) {
  if (kind === 'saved') return saved[name] ?? null;
  const [service, type] = name.split(' ');
  const found = await attempt(() => ask(kind === 'file' ? 'events/' + name.split('/').map(encodeURIComponent).join('/')
    : 'sample?service=' + encodeURIComponent(service) + '&type=' + encodeURIComponent(type)));
  return found === null ? null : JSON.stringify(found);
}

/** The events by name that the user has saved in this browser for a function of this project. */
function savedEvents(of) {
  const name = 'events/' + project.title + '/' + of.id;
  let events = {};
  try { events = JSON.parse(store.get(name)) || {} } catch (error) { /* not ours: as if there were none */ }
  return {events, keep: () => store.set(name, Object.keys(events).length ? JSON.stringify(events) : null)};
}

function invoke(of, number) {
  const values = draft('invoke/' + of.id + '/' + (number || ''),
    {event: number ? '' : '{}', type: 'RequestResponse', name: ''});
  const event = area(values, 'event', 'Event', {class: 'mono tall', rows: 12, 'aria-describedby': 'fault'});
  const input = event.querySelector('textarea');
  const fault = el('p', {class: 'error', id: 'fault', role: 'alert'});
  const fill = text => {
    const json = pretty(text);
    input.value = values.event = json ? json.textContent : text;
  };
  const saved = savedEvents(of);
  const sources = el('select', {id: 'sources', onchange: async () => {
    const [kind, ...rest] = sources.value.split(' '), name = rest.join(' ');
    values.name = named.querySelector('input').value = kind === 'saved' ? name : '';
    const text = kind && await loadEvent(kind, name, saved.events);
    if (text) fill(text);
  }});
  const showSources = () => sources.replaceChildren(el('option', {value: ''}, 'choose an event…'),
    ...eventSources(of, saved.events));
  showSources();
  const keep = (changed, done) => {
    changed();
    say(saved.keep() ? done : 'This browser does not let the page save anything');
    showSources();
  };
  const named = field(values, 'name', 'Name of the event', {placeholder: 'empty cart'});
  const save = button('Save event', () => values.name.trim()
    ? keep(() => { saved.events[values.name.trim()] = values.event }, 'event saved in this browser')
    : (say('Give the event a name'), named.querySelector('input').focus()));
  const remove = button('Delete saved event', () => saved.events[values.name.trim()] != null
    ? keep(() => { delete saved.events[values.name.trim()] }, 'saved event deleted')
    : say('No saved event has this name'));
  const way = el('select', {onchange: event => values.type = event.target.value},
    [['RequestResponse', 'synchronous'], ['Event', 'asynchronous']].map(([value, text]) =>
      el('option', {value, selected: value === values.type}, text)));
  if (number && !values.event) attempt(async () => {
    const row = await ask('requests/' + number);
    if (row.invoked && row.invoked.event.text != null) fill(row.invoked.event.text);
  });
  const result = el('div', {class: 'result', hidden: true});
  const send = async () => {
    fault.textContent = '';
    try {
      JSON.parse(values.event || '{}');
    } catch (error) {
      fault.textContent = 'The event is not valid JSON: ' + error.message;
      input.focus();
      return;
    }
    await perform(result, {method: 'POST', body: values.event,
      headers: [['Content-Type', 'application/json'], ['X-Amz-Invocation-Type', values.type]],
      path: '/2015-03-31/functions/' + encodeURIComponent(of.id) + '/invocations'});
  };
  return [head('Invoke ' + of.id, el('span', {}, of.handler), el('span', {}, of.runtime),
    of.unsupported ? el('span', {class: 'warn'}, of.unsupported) : ''),
    submits(send, el('div', {class: 'line'}, el('label', {}, el('span', {}, 'Start from'), sources),
      el('label', {}, el('span', {}, 'Invocation'), way)), event, fault,
    el('div', {class: 'line'}, el('button', {class: 'main'}, 'Invoke')),
    el('div', {class: 'line'}, named, save, remove)), result];
}
