package io.treegrad.formats;

import java.util.Arrays;

/**
 * Turns a picture of a digit into one as MNIST has them: white on black, in a box of 20x20 pixels that keeps its
 * proportions, with the centre of mass in the middle of 28x28. Source: LeCun, Cortes and Burges, The MNIST database.
 */
final class DigitPicture {
    /** Pixels of a side. */
    static final int SIDE = 28;

    private static final int BOX = 20;
    /** The line and column of the centre of mass; of the pictures of MNIST they are from 13.5 to 14.5. */
    private static final double CENTRE = 14;
    /** The shades from background to ink, as shares: below the first all is background, from the second on all is digit. */
    private static final double BACKGROUND = 0.15;

    private static final double DIGIT = 0.4;
    /** Less contrast than this is none. */
    private static final int LEAST_CONTRAST = 16;
    /** A scaled digit whose lines have become thin and pale is drawn as bright as this share of its pixels allows. */
    private static final double BRIGHTEST = 0.98;

    private DigitPicture() {}

    /**
     * The digit of a picture, unchanged if it already is as those of MNIST.
     *
     * @return line by line   [28 × 28]; null if all of the picture has one shade
     */
    static byte[] of(GreyPicture picture) {
        int height = picture.shape().height();
        int width = picture.shape().width();
        double[][] ink = ink(picture, height, width);
        if (ink == null) {
            return null;
        }
        int top = height;
        int bottom = 0;
        int left = width;
        int right = 0;
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                if (ink[y][x] >= DIGIT) {
                    top = Math.min(top, y);
                    bottom = Math.max(bottom, y + 1);
                    left = Math.min(left, x);
                    right = Math.max(right, x + 1);
                }
            }
        }
        if (height == SIDE && width == SIDE && isAsOfMnist(picture)) {
            return pixels(picture);
        }
        double scale = (double) BOX / Math.max(bottom - top, right - left);
        int lines = Math.max(1, (int) Math.round((bottom - top) * scale));
        int columns = Math.max(1, (int) Math.round((right - left) * scale));
        double[][] box = scaled(ink, top, bottom, left, right, lines, columns);
        return centred(box);
    }

    /** How much ink each pixel has, 0 to 1, whichever of black and white is the ink; null without contrast. */
    private static double[][] ink(GreyPicture picture, int height, int width) {
        int background = background(picture, height, width);
        int darkest = 255;
        int brightest = 0;
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                darkest = Math.min(darkest, picture.at(y, x));
                brightest = Math.max(brightest, picture.at(y, x));
            }
        }
        boolean isDarkInk = background - darkest > brightest - background;
        int contrast = isDarkInk ? darkest - background : brightest - background;
        if (Math.abs(contrast) < LEAST_CONTRAST) {
            return null;
        }
        double[][] ink = new double[height][width];
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                double share = (double) (picture.at(y, x) - background) / contrast;
                ink[y][x] = share < BACKGROUND ? 0 : Math.min(1, share);
            }
        }
        return ink;
    }

    /** The shade of most of the edge. */
    private static int background(GreyPicture picture, int height, int width) {
        int[] edge = new int[2 * (height + width)];
        int count = 0;
        for (int y = 0; y < height; y++) {
            edge[count++] = picture.at(y, 0);
            edge[count++] = picture.at(y, width - 1);
        }
        for (int x = 0; x < width; x++) {
            edge[count++] = picture.at(0, x);
            edge[count++] = picture.at(height - 1, x);
        }
        Arrays.sort(edge);
        return edge[edge.length / 2];
    }

    private static boolean isAsOfMnist(GreyPicture picture) {
        double mass = 0;
        double massOfLines = 0;
        double massOfColumns = 0;
        int top = SIDE;
        int bottom = 0;
        int left = SIDE;
        int right = 0;
        for (int y = 0; y < SIDE; y++) {
            for (int x = 0; x < SIDE; x++) {
                int value = picture.at(y, x);
                mass += value;
                massOfLines += value * y;
                massOfColumns += value * x;
                if (value > 0) {
                    top = Math.min(top, y);
                    bottom = Math.max(bottom, y + 1);
                    left = Math.min(left, x);
                    right = Math.max(right, x + 1);
                }
            }
        }
        return Math.max(bottom - top, right - left) <= BOX
                && Math.abs(massOfLines / mass - CENTRE) < 1
                && Math.abs(massOfColumns / mass - CENTRE) < 1;
    }

    private static byte[] pixels(GreyPicture picture) {
        byte[] pixels = new byte[SIDE * SIDE];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (byte) picture.at(i / SIDE, i % SIDE);
        }
        return pixels;
    }

    /** Each pixel is the mean of what it covers. */
    private static double[][] scaled(double[][] ink, int top, int bottom, int left, int right, int lines, int columns) {
        double[][] narrow = new double[bottom - top][columns];
        for (int y = top; y < bottom; y++) {
            for (int x = 0; x < columns; x++) {
                double from = left + (double) (right - left) * x / columns;
                double to = left + (double) (right - left) * (x + 1) / columns;
                for (int source = (int) from; source < Math.min(right, Math.ceil(to)); source++) {
                    double part = Math.min(to, source + 1) - Math.max(from, source);
                    narrow[y - top][x] += ink[y][source] * part / (to - from);
                }
            }
        }
        double[][] box = new double[lines][columns];
        for (int y = 0; y < lines; y++) {
            double from = (double) (bottom - top) * y / lines;
            double to = (double) (bottom - top) * (y + 1) / lines;
            for (int source = (int) from; source < Math.min(bottom - top, Math.ceil(to)); source++) {
                double part = (Math.min(to, source + 1) - Math.max(from, source)) / (to - from);
                for (int x = 0; x < columns; x++) {
                    box[y][x] += narrow[source][x] * part;
                }
            }
        }
        return box;
    }

    private static byte[] centred(double[][] box) {
        double mass = 0;
        double massOfLines = 0;
        double massOfColumns = 0;
        for (int y = 0; y < box.length; y++) {
            for (int x = 0; x < box[y].length; x++) {
                mass += box[y][x];
                massOfLines += box[y][x] * y;
                massOfColumns += box[y][x] * x;
            }
        }
        int down = within((int) Math.round(CENTRE - massOfLines / mass), box.length);
        int across = within((int) Math.round(CENTRE - massOfColumns / mass), box[0].length);
        double[] shades = Arrays.stream(box)
                .flatMapToDouble(Arrays::stream)
                .filter(shade -> shade > BACKGROUND)
                .sorted()
                .toArray();
        double brightest = shades.length == 0 ? 1 : shades[(int) (BRIGHTEST * (shades.length - 1))];
        byte[] pixels = new byte[SIDE * SIDE];
        for (int y = 0; y < box.length; y++) {
            for (int x = 0; x < box[y].length; x++) {
                pixels[(y + down) * SIDE + x + across] = (byte) Math.round(255 * Math.min(1, box[y][x] / brightest));
            }
        }
        return pixels;
    }

    /** The offset nearest to this at which a box of so many pixels is inside. */
    private static int within(int offset, int length) {
        return Math.max(0, Math.min(SIDE - length, offset));
    }
}
