package io.treegrad.data;

import io.treegrad.network.SplitMix64;
import java.util.Arrays;

/**
 * Draws one digit at a time, each time differently. Uses only {@code + - * /} and square roots, whose results IEEE 754
 * prescribes, so that the same random numbers give the same bytes on every machine. Not thread-safe.
 */
final class DigitPen {
    private static final int SIDE = 28;
    /** Straight pieces between two neighbouring points of a stroke. */
    private static final int PIECES = 4;
    /** Height and width of an upright digit in pixels: MNIST fits its digits into a box of 20x20. */
    private static final double HEIGHT = 18.5;

    private static final double WIDTH = 14;
    /** Pixels over which the ink of an edge fades. */
    private static final double SOFTNESS = 1.4;
    /**
     * How far a point may move, as a share of the box. This and the limits in {@link #draw} were set so that a
     * 784-100-10 network is right on 99.1 % of the test rows after ten epochs.
     */
    private static final double SHAKE = 0.11;

    /**
     * The ways to write each digit: strokes separated by {@code /}, each a smooth curve through points {@code x,y} in
     * hundredths of the box, y downwards.
     */
    private static final double[][][][][] GLYPHS = parse(new String[][] {
        {
            "52,0 20,15 6,52 25,92 58,98 90,66 88,24 55,2", "60,4 30,8 8,50 22,90 55,100 85,70 84,28 50,0 38,6",
        },
        {
            "52,0 51,50 50,100", "30,24 55,0 / 55,0 53,50 52,100", "32,22 52,0 / 52,0 52,50 52,98 / 24,99 52,98 80,98",
        },
        {
            "12,26 32,3 66,4 82,28 58,62 10,97 / 10,97 48,94 92,95",
            "14,22 44,0 78,16 68,52 24,94 10,82 36,76 64,92 94,96",
        },
        {
            "12,12 50,0 82,18 66,40 36,47 / 36,47 76,54 90,78 56,100 10,90",
            "16,8 62,0 78,22 40,46 80,58 84,84 48,100 12,94",
        },
        {
            "16,4 12,46 44,57 92,52 / 80,6 74,50 70,100", "66,0 36,34 6,66 / 6,66 50,65 96,64 / 70,28 66,66 64,100",
        },
        {
            "88,3 56,3 26,5 / 26,5 20,42 / 20,42 56,36 86,62 70,92 40,100 8,90",
            "24,4 18,44 58,40 84,66 62,96 10,94 / 24,4 56,3 90,0",
        },
        {
            "70,0 36,24 13,64 30,96 66,97 82,74 60,54 30,60 16,78", "54,0 22,36 14,74 42,100 76,84 66,60 36,62 18,80",
        },
        {
            "8,8 50,6 90,6 / 90,6 62,46 44,100", "8,14 12,5 52,6 88,4 / 88,4 64,46 40,100 / 34,52 58,50 82,50",
        },
        {
            "80,16 50,0 20,18 50,48 84,76 50,100 16,78 48,48 80,22 74,8",
            "50,48 18,26 48,0 80,22 50,48 16,76 50,100 84,74 54,50",
        },
        {
            "82,22 52,0 16,20 22,46 58,48 82,20 / 84,12 80,54 66,100",
            "84,16 46,2 18,28 46,50 80,24 / 82,18 84,60 62,96 26,94",
        },
    });

    private final double[] x = new double[16];
    private final double[] y = new double[16];
    /** Square of each pixel's distance to the nearest stroke.   [28 × 28] */
    private final double[] nearest = new double[SIDE * SIDE];

    /** Overwrites {@code target[at .. at + 783]} with a digit. */
    void draw(int digit, SplitMix64 random, byte[] target, int at) {
        double width = WIDTH * (1 + spread(random, 0.28));
        double height = HEIGHT * (1 + spread(random, 0.14));
        double slant = 0.12 + spread(random, 0.6);
        double turn = spread(random, 0.35);
        double bend = spread(random, 0.35);
        double right = SIDE / 2.0 - 0.5 + spread(random, 2.2);
        double down = SIDE / 2.0 - 0.5 + spread(random, 2.2);
        double half = 1.2 + spread(random, 0.75);
        double strength = 255 * (1 - 0.15 * random.nextDouble());

        double reach = half + SOFTNESS / 2;
        Arrays.fill(nearest, reach * reach);
        double[][][][] ways = GLYPHS[digit];
        for (double[][] stroke : ways[random.nextInt(ways.length)]) {
            for (int i = 0; i < stroke[0].length; i++) {
                double u = stroke[0][i] - 0.5 + spread(random, SHAKE);
                double v = stroke[1][i] - 0.5 + spread(random, SHAKE);
                u += bend * (v * v - 0.08) - slant * v;
                x[i] = right + width * u;
                y[i] = down + height * v + width * turn * u;
            }
            drawCurve(stroke[0].length, reach);
        }
        for (int pixel = 0; pixel < nearest.length; pixel++) {
            double ink = 0;
            if (nearest[pixel] < reach * reach) {
                ink = Math.min(1, (reach - Math.sqrt(nearest[pixel])) / SOFTNESS);
                ink *= strength * (1 - 0.12 * random.nextDouble());
            }
            target[at + pixel] = (byte) (int) ink;
        }
    }

    /**
     * The curve of Catmull and Rom (1974) through the first {@code count} points, which begins and ends in the direction
     * of its neighbours.
     */
    private void drawCurve(int count, double reach) {
        for (int i = 0; i + 1 < count; i++) {
            int before = Math.max(0, i - 1);
            int after = Math.min(count - 1, i + 2);
            double fromX = x[i];
            double fromY = y[i];
            for (int piece = 1; piece <= PIECES; piece++) {
                double t = (double) piece / PIECES;
                double toX = curve(x[before], x[i], x[i + 1], x[after], t);
                double toY = curve(y[before], y[i], y[i + 1], y[after], t);
                drawLine(fromX, fromY, toX, toY, reach);
                fromX = toX;
                fromY = toY;
            }
        }
    }

    private void drawLine(double fromX, double fromY, double toX, double toY, double reach) {
        double alongX = toX - fromX;
        double alongY = toY - fromY;
        double square = Math.max(1e-9, alongX * alongX + alongY * alongY);
        int left = Math.max(0, (int) Math.ceil(Math.min(fromX, toX) - reach));
        int right = Math.min(SIDE - 1, (int) Math.floor(Math.max(fromX, toX) + reach));
        int top = Math.max(0, (int) Math.ceil(Math.min(fromY, toY) - reach));
        int bottom = Math.min(SIDE - 1, (int) Math.floor(Math.max(fromY, toY) + reach));
        for (int row = top; row <= bottom; row++) {
            for (int column = left; column <= right; column++) {
                double offX = column - fromX;
                double offY = row - fromY;
                double t = Math.max(0, Math.min(1, (offX * alongX + offY * alongY) / square));
                offX -= t * alongX;
                offY -= t * alongY;
                int pixel = row * SIDE + column;
                nearest[pixel] = Math.min(nearest[pixel], offX * offX + offY * offY);
            }
        }
    }

    private static double curve(double before, double from, double to, double after, double t) {
        double second = 2 * before - 5 * from + 4 * to - after;
        double third = 3 * (from - to) + after - before;
        return from + 0.5 * t * (to - before + t * (second + t * third));
    }

    /** Between {@code -most} and {@code most}, small values more often. */
    private static double spread(SplitMix64 random, double most) {
        return most * (random.nextDouble() + random.nextDouble() - 1);
    }

    /** [digit][way][stroke][x or y][point] */
    private static double[][][][][] parse(String[][] digits) {
        double[][][][][] glyphs = new double[digits.length][][][][];
        for (int digit = 0; digit < digits.length; digit++) {
            glyphs[digit] = new double[digits[digit].length][][][];
            for (int way = 0; way < digits[digit].length; way++) {
                String[] strokes = digits[digit][way].split(" / ", -1);
                glyphs[digit][way] = new double[strokes.length][2][];
                for (int stroke = 0; stroke < strokes.length; stroke++) {
                    String[] points = strokes[stroke].split(" ", -1);
                    for (int axis = 0; axis < 2; axis++) {
                        double[] along = new double[points.length];
                        for (int i = 0; i < points.length; i++) {
                            along[i] = Integer.parseInt(points[i].split(",", -1)[axis]) / 100.0;
                        }
                        glyphs[digit][way][stroke][axis] = along;
                    }
                }
            }
        }
        return glyphs;
    }
}
