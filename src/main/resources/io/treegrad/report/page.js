'use strict';
// What every section is made of. Text from the data reaches the page as text alone, never as markup.
const data = JSON.parse(document.getElementById('data').textContent);
const byId = id => document.getElementById(id);

/** An element with attributes and children; a child that is no node becomes text. */
function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key in made && typeof value !== 'string') {
      made[key] = value;
    } else {
      made.setAttribute(key, value);
    }
  }
  made.append(...children.map(child => child instanceof Node ? child : String(child)));
  return made;
}

const format = {
  count: value => value.toLocaleString('en-US'),
  percent: (share, digits = 2) => (100 * share).toFixed(digits) + '\u00a0%',
  number: value => value === null ? '' : Math.abs(value) >= 1e-3 && Math.abs(value) < 1e6 || value === 0
    ? Number(value.toPrecision(4)).toLocaleString('en-US', { maximumSignificantDigits: 4 }) : value.toExponential(3).replace(/\.?0+e/, 'e'),
};

/** A table with a heading for each row; columns named in numbers are aligned right. */
function table(head, rows, { numbers = [], code = [], name = '' } = {}) {
  const kind = column => numbers.includes(column) ? { class: 'number' } : code.includes(column) ? { class: 'code' } : {};
  return element('table', name ? { class: name } : {},
    element('thead', {}, element('tr', {}, ...head.map((text, i) => element('th', { scope: 'col', ...kind(i) }, text)))),
    element('tbody', {}, ...rows.map(row => element('tr', {}, ...row.map((cell, i) =>
      i === 0 ? element('th', { scope: 'row', ...kind(0) }, cell) : element('td', kind(i), cell))))));
}

/** The numbers behind a chart, written out when first asked for. */
function numbersBehind(head, rows) {
  const numbers = head.map((_, i) => i);
  const details = element('details', {}, element('summary', {}, 'The numbers as a table'));
  details.addEventListener('toggle', () => {
    if (details.children.length === 1) {
      details.append(element('div', { class: 'scroll', tabindex: '0' }, table(head, rows(), { numbers })));
    }
  });
  return details;
}

/** Buttons to choose one of several, the chosen one pressed. */
function choice(host, options, chosen, name, choose) {
  host.replaceChildren(...options.map(one => {
    const button = element('button', { type: 'button', 'aria-pressed': String(one === chosen) }, name(one));
    button.addEventListener('click', () => choose(one));
    return button;
  }));
}

function about(section, ...sentences) {
  section.append(element('p', { class: 'about' }, sentences.join(' ')));
}

function startPage() {
  const nav = document.querySelector('.bar nav');
  for (const section of document.querySelectorAll('section[data-title]')) {
    nav.append(element('a', { href: '#' + section.id }, section.dataset.title));
  }
  const toggle = byId('theme');
  const name = () => {
    toggle.textContent = theme.name === 'dark' ? '☀ Light' : '☾ Dark';
  };
  theme.listeners.add(name);
  name();
  toggle.addEventListener('click', () => theme.toggle());
}
