'use strict';
// Pictures lie on one sheet, a PNG in the data; each is copied to a small canvas of its own.
const sheet = data.sheet ? new Image() : null;
if (sheet) {
  sheet.src = data.sheet.url;
}
const label = number => data.labels[number];

/** Picture number `place` of the sheet; `text` says what it is to someone who cannot see it. */
function picture(place, text) {
  const { width, height, columns } = data.sheet;
  const canvas = element('canvas', { class: 'picture', role: 'img', 'aria-label': text });
  canvas.width = width;
  canvas.height = height;
  sheet.decode().then(() => canvas.getContext('2d').drawImage(sheet,
    place % columns * width, Math.floor(place / columns) * height, width, height, 0, 0, width, height));
  return canvas;
}

/** A picture with what the network said, right or wrong by its mark. */
function example({ row, label: truth, predicted, probability, labelProbability, picture: place }, note = '') {
  const right = truth === predicted;
  const said = right ? label(truth) : `${label(truth)} → ${label(predicted)}`;
  return element('li', { class: right ? 'right' : 'wrong',
    title: `Row ${format.count(row)}: ${label(truth)}, to which the network gave ${format.percent(labelProbability, 1)}` },
    picture(place, `A ${label(truth)}, read as ${label(predicted)}`),
    element('span', { class: 'said' }, note || said),
    element('span', { class: 'sure' }, format.percent(probability, 1)));
}

function pictures(examples, kind = '') {
  return element('ul', { class: ('pictures ' + kind).trim() }, ...examples.map(one => example(one)));
}

function mistakes(section, gallery) {
  if (gallery.worst.length === 0) {
    about(section, `None: all ${format.count(gallery.rows)} test rows were read right.`);
    return;
  }
  about(section, `Of the ${format.count(gallery.rows)} test rows looked at, these are the ones read wrong with the most`,
    'confidence: true class → what it was read as, and the probability that the network gave to that.');
  section.append(pictures(gallery.worst));
}

function digits(section, gallery) {
  const part = (title, sentence, list) => section.append(element('h3', {}, title),
    element('p', { class: 'about' }, sentence), list);
  part('At random', 'Ten random test rows: what the network reads, ✓ right or ✗ wrong, and the probability that it gives to that.',
    pictures(gallery.random));
  part('One of each class', 'The first test row of every class.', pictures(gallery.oneOfEach));
  const one = gallery.ofOneClass[0];
  part(`Many ways to write ${label(one.label)}`, 'Rows of the class that the network misreads most often.',
    pictures(gallery.ofOneClass));
  if (gallery.rotations.length > 0) {
    part('Turned', 'The same picture turned by a quarter each time: a network that was trained on upright ones need not recognise it.',
      element('ul', { class: 'pictures turned' }, ...gallery.rotations.map((turned, i) =>
        example(turned, `${90 * i}° → ${label(turned.predicted)}`))));
  }
}

/** Weights in a scale that only grows lighter, so that it reads without colour: dark against, light for. */
function weightInk(level) {
  const stops = [[22, 26, 78], [92, 60, 130], [128, 122, 128], [222, 150, 70], [255, 240, 190]];
  const at = (level + 127) / 254 * (stops.length - 1);
  const i = Math.min(stops.length - 2, Math.floor(at));
  return stops[i].map((from, c) => Math.round(from + (at - i) * (stops[i + 1][c] - from)));
}

function paint(levels, width, height) {
  const canvas = element('canvas', { role: 'img' });
  canvas.width = width;
  canvas.height = height;
  const pixels = new ImageData(width, height);
  levels.forEach((level, i) => pixels.data.set([...weightInk(level), 255], 4 * i));
  canvas.getContext('2d').putImageData(pixels, 0, 0);
  return canvas;
}

function firstLayer(section, { layerUnits, height, width, levels, largest }) {
  const bytes = Int8Array.from(atob(levels), character => character.charCodeAt(0));
  about(section, `The weights of ${largest.length === layerUnits ? 'all' : 'the first ' + largest.length + ' of'}`,
    `${format.count(layerUnits)} units of the first layer, each laid out as a picture. Where a unit is light, ink excites`
    + ' it; where it is dark, ink holds it back. Each is stretched to its own largest weight, given below it.');
  const scale = paint(Array.from({ length: 255 }, (_, i) => i - 127), 255, 1);
  scale.setAttribute('aria-label', 'from dark to light');
  section.append(element('div', { class: 'scale' }, 'holds back', scale, 'excites'));
  section.append(element('ul', { class: 'units' }, ...largest.map((most, unit) => {
    const canvas = paint(bytes.subarray(unit * width * height, (unit + 1) * width * height), width, height);
    canvas.setAttribute('aria-label', `Unit ${unit + 1}, largest weight ${format.number(most)}`);
    return element('li', {}, canvas, '±' + Number(most.toPrecision(2)));
  })));
}
