'use strict';
// Light or dark: as the system says, until the reader chooses. Runs before the page is drawn, so that nothing flashes.
const theme = {
  system: matchMedia('(prefers-color-scheme: dark)'),
  listeners: new Set(),

  chosen() {
    try {
      return localStorage.getItem('treegrad-theme');
    } catch (refused) { // a browser may refuse storage to a file
      return null;
    }
  },

  apply(chosen) {
    this.name = chosen || (this.system.matches ? 'dark' : 'light');
    document.documentElement.dataset.theme = this.name;
    this.listeners.forEach(listener => listener());
  },

  toggle() {
    const next = this.name === 'dark' ? 'light' : 'dark';
    try {
      localStorage.setItem('treegrad-theme', next);
    } catch (refused) {
      // the choice lasts as long as the page
    }
    this.apply(next);
  },

  /** A colour of page.css by its name there. */
  colour(name) {
    return getComputedStyle(document.documentElement).getPropertyValue('--' + name).trim();
  },
};
theme.apply(theme.chosen());
theme.system.addEventListener('change', () => theme.apply(theme.chosen()));
