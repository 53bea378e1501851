// Starts the page.

const fold = () => $('targets').open = !narrow.matches;
narrow.addEventListener('change', fold);
fold();
addEventListener('hashchange', () => route());
addEventListener('focus', loadProject);
loadProject().then(() => route());
listen();
