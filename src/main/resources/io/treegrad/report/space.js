'use strict';
// Points in three dimensions on a plain canvas: it needs no WebGL, which remote desktops and old phones lack. A point is
// the label of its class, so that classes can be told apart without their colours.
const classInks = {
  light: ['#1f62a5', '#b8500a', '#2b7a3f', '#b3261e', '#6a45a0', '#7d5a3c', '#b03a83', '#4a5560', '#7a7400', '#0a7886'],
  dark: ['#7ab8f5', '#f5a25f', '#79cc8a', '#ff8f86', '#c3a5f3', '#d2ad8c', '#f391cc', '#b4bfca', '#d4cc52', '#5fd0dd'],
};

function space(section, { shares, places, labels, pictures: shown }) {
  const count = labels.length;
  const present = [...new Set(labels)].sort((a, b) => a - b);
  const sign = number => label(number).length <= 2 ? label(number) : String.fromCharCode(65 + number % 26);
  const ink = number => classInks[theme.name][number % 10];
  const reach = Math.max(...places.map(Math.abs), 1e-12);
  const told = shares.reduce((sum, share) => sum + share, 0);
  about(section, `${format.count(count)} rows where they differ most: the three components hold`,
    `${format.percent(told, 1)} of all variance (${shares.map(share => format.percent(share, 1)).join(', ')}). Every point`
    + ' is the label of its row. Drag to turn, or use the arrow keys; + and − to come nearer or step back.');

  const canvas = element('canvas', { class: 'cloud', role: 'img', tabindex: '0', 'aria-label':
    `${count} rows in three principal components, marked by their classes ${present.map(label).join(', ')}` });
  const found = element('div', { class: 'found', hidden: true });
  const frame = element('div', { class: 'space' }, canvas, found);
  const keys = element('div', { class: 'choice keys', role: 'group', 'aria-label': 'Classes shown' });
  const hidden = new Set();
  let yaw = 0.6;
  let pitch = 0.35;
  let zoom = 1;
  let screen = [];
  let waiting = false;

  /** The label of a class drawn once; a point is a copy of it. */
  function stamps(ratio) {
    return new Map(present.map(number => {
      const stamp = document.createElement('canvas');
      stamp.width = stamp.height = Math.ceil(20 * ratio);
      const pen = stamp.getContext('2d');
      pen.scale(ratio, ratio);
      pen.font = '600 13px ' + getComputedStyle(document.body).fontFamily;
      pen.textAlign = 'center';
      pen.textBaseline = 'middle';
      pen.fillStyle = ink(number);
      pen.fillText(sign(number), 10, 10);
      return [number, stamp];
    }));
  }

  function turned(x, y, z) {
    const [cy, sy, cp, sp] = [Math.cos(yaw), Math.sin(yaw), Math.cos(pitch), Math.sin(pitch)];
    const right = cy * x + sy * z;
    const away = -sy * x + cy * z;
    return [right, cp * y - sp * away, sp * y + cp * away];
  }

  function draw() {
    waiting = false;
    const ratio = window.devicePixelRatio || 1;
    const { width, height } = canvas.getBoundingClientRect();
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
    const pen = canvas.getContext('2d');
    pen.scale(ratio, ratio);
    const size = (width < 600 ? 0.66 : 0.8) * Math.min(width, height) * zoom / reach;
    const onScreen = (x, y, z) => {
      const [right, up, near] = turned(x, y, z);
      const depth = near / reach;
      const scale = size / (1 - 0.22 * depth);
      return [width / 2 + right * scale, height / 2 - up * scale, depth];
    };
    const named = drawAxes(pen, onScreen);
    screen = [];
    for (let i = 0; i < count; i++) {
      if (!hidden.has(labels[i])) {
        screen.push([...onScreen(places[3 * i], places[3 * i + 1], places[3 * i + 2]), i]);
      }
    }
    screen.sort((a, b) => a[2] - b[2]);
    const stamp = stamps(ratio);
    for (const [x, y, depth, i] of screen) {
      const side = 20 * (1 + 0.2 * depth);
      pen.globalAlpha = Math.max(0.35, Math.min(1, 0.75 + 0.5 * depth));
      pen.drawImage(stamp.get(labels[i]), x - side / 2, y - side / 2, side, side);
    }
    pen.globalAlpha = 1;
    named();
  }

  /** Draws the axes and returns what writes their names, to be done after the points. */
  function drawAxes(pen, onScreen) {
    pen.strokeStyle = theme.colour('line');
    const ends = [];
    for (let axis = 0; axis < 3; axis++) {
      const tip = [0, 0, 0];
      tip[axis] = 0.55 * reach;
      const [x0, y0] = onScreen(...tip.map(value => -value));
      const [x1, y1] = onScreen(...tip);
      pen.beginPath();
      pen.moveTo(x0, y0);
      pen.lineTo(x1, y1);
      pen.stroke();
      ends.push([`PC ${axis + 1}`, x1 + 4, y1 - 4]);
    }
    return () => {
      pen.font = '600 12px ' + getComputedStyle(document.body).fontFamily;
      pen.strokeStyle = theme.colour('paper');
      pen.lineWidth = 4;
      pen.fillStyle = theme.colour('ink');
      for (const [name, x, y] of ends) {
        pen.strokeText(name, x, y);
        pen.fillText(name, x, y);
      }
    };
  }

  function later() {
    if (!waiting) {
      waiting = true;
      requestAnimationFrame(draw);
    }
  }

  function point(event) {
    const box = canvas.getBoundingClientRect();
    const [x, y] = [event.clientX - box.left, event.clientY - box.top];
    let best = null;
    let nearest = 14 * 14;
    for (const [px, py, , i] of screen) {
      const distance = (px - x) ** 2 + (py - y) ** 2;
      if (distance <= nearest) { // of two as near, the one in front
        nearest = distance;
        best = i;
      }
    }
    found.hidden = best === null;
    if (best !== null) {
      found.replaceChildren(...(shown ? [picture(shown[best], `A ${label(labels[best])}`)] : []),
        element('span', {}, label(labels[best])));
      found.style.left = Math.min(x + 14, box.width - 120) + 'px';
      found.style.top = Math.min(y + 14, box.height - 90) + 'px';
    }
  }

  let from = null;
  canvas.addEventListener('pointerdown', event => {
    from = [event.clientX, event.clientY];
    canvas.setPointerCapture(event.pointerId);
    point(event);
  });
  canvas.addEventListener('pointermove', event => {
    if (!from) {
      point(event);
      return;
    }
    found.hidden = true;
    yaw += (event.clientX - from[0]) / 150;
    pitch = Math.max(-1.5, Math.min(1.5, pitch + (event.clientY - from[1]) / 150));
    from = [event.clientX, event.clientY];
    later();
  });
  canvas.addEventListener('pointerup', () => { from = null; });
  canvas.addEventListener('pointercancel', () => { from = null; });
  canvas.addEventListener('pointerleave', () => { found.hidden = true; });
  canvas.addEventListener('keydown', event => {
    const moves = {
      ArrowLeft: () => { yaw -= 0.12; }, ArrowRight: () => { yaw += 0.12; },
      ArrowUp: () => { pitch = Math.max(-1.5, pitch - 0.12); }, ArrowDown: () => { pitch = Math.min(1.5, pitch + 0.12); },
      '+': () => { zoom = Math.min(6, zoom * 1.2); }, '-': () => { zoom = Math.max(0.4, zoom / 1.2); },
    };
    if (moves[event.key]) {
      moves[event.key]();
      event.preventDefault();
      later();
    }
  });

  function fillKeys() {
    keys.replaceChildren(...present.map(number => {
      const swatch = element('span', { class: 'swatch' }, sign(number));
      swatch.style.color = ink(number);
      const key = element('button', { type: 'button', 'aria-pressed': String(!hidden.has(number)),
        'aria-label': `Show ${label(number)}` }, swatch, ...(sign(number) === label(number) ? [] : [label(number)]));
      key.addEventListener('click', () => {
        hidden.delete(number) || hidden.add(number);
        key.setAttribute('aria-pressed', String(!hidden.has(number)));
        later();
      });
      return key;
    }), ...[['+', 1.2], ['−', 1 / 1.2]].map(([name, factor]) => {
      const button = element('button', { type: 'button', 'aria-label': factor > 1 ? 'Nearer' : 'Farther' }, name);
      button.addEventListener('click', () => {
        zoom = Math.max(0.4, Math.min(6, zoom * factor));
        later();
      });
      return button;
    }));
  }

  section.append(element('figure', {}, keys, frame, numbersBehind(['Row', 'Class', 'PC 1', 'PC 2', 'PC 3'],
    () => labels.map((number, i) => [i, label(number), ...[0, 1, 2].map(c => format.number(places[3 * i + c]))]))));
  theme.listeners.add(() => {
    fillKeys();
    later();
  });
  new ResizeObserver(later).observe(canvas);
  fillKeys();
  later();
}
