package io.treegrad.report;

import io.treegrad.data.Rows;

/** Which values of rows are black and white: the smallest, but at most 0, and the largest. */
record PixelRange(float black, float white) {
    static PixelRange of(Rows rows) {
        float black = 0;
        float white = 0;
        for (int row = 0; row < rows.count(); row++) {
            for (int feature = 0; feature < rows.features(); feature++) {
                float value = rows.value(row, feature);
                black = Math.min(black, value);
                white = Math.max(white, value);
            }
        }
        return new PixelRange(black, white > black ? white : black + 1);
    }

    /** The pixels of a row, 0 for black to 255 for white. */
    byte[] pixels(Rows rows, int row, int features) {
        byte[] pixels = new byte[features];
        for (int feature = 0; feature < features; feature++) {
            pixels[feature] = (byte) Math.round(255 * (rows.value(row, feature) - black) / (white - black));
        }
        return pixels;
    }
}
