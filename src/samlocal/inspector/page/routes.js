// The list of routes and functions.

const key = route => encodeURIComponent(route.api + ' ' + route.method + ' ' + route.path);

function showProject() {
  document.title = 'samlocal – ' + project.title;
  $('title').textContent = project.title;
  $('title').title = project.address;
  const apis = new Map();
  project.routes.forEach(route => apis.set(route.api, [...apis.get(route.api) || [], route]));
  const lists = [...apis].map(([api, routes]) => [
    el('h2', {}, apis.size > 1 ? api : 'Routes', ' ', el('small', {}, API_TYPES[routes[0].type] || routes[0].type)),
    el('ul', {}, routes.map(route => el('li', {}, el('a', {href: '#call/' + key(route),
      title: route.method + ' ' + route.path + '  ' + route.function},
      method(route.method), el('span', {class: 'name'}, route.path)))))]);
  const functions = el('ul', {}, project.functions.map(each => el('li', {}, el('a',
    {href: '#invoke/' + encodeURIComponent(each.id), title: each.unsupported || each.handler},
    method('Invoke'), el('span', {class: each.unsupported ? 'name off' : 'name'}, each.id)))));
  $('routes').replaceChildren(...lists.flat(), el('h2', {}, 'Functions'),
    project.functions.length ? functions : el('p', {class: 'none'}, 'none'));
  showBroken();
  $('kept').textContent = 'The last ' + project.mostKept + ' requests are kept, up to 32 MB.';
  mark();
  showEmpty();
}

let shownErrors = '[[],[]]';
/** Shows the errors of the saved template and code. What is shown already stays, since it may have the focus. */
function showBroken() {
  const errors = JSON.stringify([project.problems, project.broken]);
  if (errors === shownErrors) return;
  shownErrors = errors;
  const words = 'The saved template has an error; serving the last valid version.';
  const parts = [project.problems.length ? [el('p', {}, words), project.problems.map(problem)] : [],
    project.broken.map(code => [el('p', {}, code.functions.join(', ') + (code.functions.length > 1 ? ' do' : ' does')
      + ' not compile: ' + count(code.problemCount, 'error') + '.'), problems(code)])].flat(Infinity).filter(Boolean);
  $('broken').replaceChildren(...parts);
  $('broken').hidden = !parts.length;
  if (!parts.length) say('the errors are repaired');
}
