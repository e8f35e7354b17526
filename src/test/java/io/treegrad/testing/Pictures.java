package io.treegrad.testing;

import io.treegrad.data.Rows;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import javax.imageio.ImageIO;

/** Pictures as files. */
public final class Pictures {
    private Pictures() {}

    /** A row of pixels from 0 to 255 as a grey PNG. */
    public static byte[] png(Rows rows, int row, int width) {
        int height = rows.features() / width;
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_BYTE_GRAY);
        for (int pixel = 0; pixel < rows.features(); pixel++) {
            image.getRaster().setSample(pixel % width, pixel / width, 0, (int) rows.value(row, pixel));
        }
        return file(image, "png");
    }

    /** @param format {@code png}, {@code jpeg} or another one of the JDK */
    public static byte[] file(BufferedImage image, String format) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            if (!ImageIO.write(image, format, bytes)) {
                throw new IllegalArgumentException("no " + format + " of such a picture");
            }
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return bytes.toByteArray();
    }
}
