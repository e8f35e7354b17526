package io.treegrad.report;

import io.treegrad.data.Shape;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.IdentityHashMap;
import java.util.List;
import javax.imageio.ImageIO;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/**
 * All pictures of a page in one grey PNG, which a browser decodes at once. Digits are compressed to a quarter of their
 * size. Uses no font, no screen and no temporary file.
 */
final class PictureSheet {
    private static final int COLUMNS = 50;

    private final Shape shape;
    private final List<byte[]> pictures = new ArrayList<>();
    /** Pictures are identified by their arrays: an example that is shown twice is stored once. */
    private final IdentityHashMap<byte[], Integer> places = new IdentityHashMap<>();

    PictureSheet(Shape shape) {
        this.shape = shape;
    }

    /** The number of a picture on the sheet, from the top left, line by line. */
    int place(byte[] pixels) {
        return places.computeIfAbsent(pixels, key -> {
            pictures.add(pixels);
            return pictures.size() - 1;
        });
    }

    int columns() {
        return COLUMNS;
    }

    Shape shape() {
        return shape;
    }

    String url() {
        int lines = Math.max(1, (pictures.size() + COLUMNS - 1) / COLUMNS);
        BufferedImage sheet =
                new BufferedImage(COLUMNS * shape.width(), lines * shape.height(), BufferedImage.TYPE_BYTE_GRAY);
        for (int i = 0; i < pictures.size(); i++) {
            sheet.getRaster()
                    .setDataElements(
                            i % COLUMNS * shape.width(),
                            i / COLUMNS * shape.height(),
                            shape.width(),
                            shape.height(),
                            pictures.get(i));
        }
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        try (MemoryCacheImageOutputStream stream = new MemoryCacheImageOutputStream(png)) {
            ImageIO.write(sheet, "png", stream);
        } catch (IOException impossible) {
            throw new UncheckedIOException("memory cannot fail to be written", impossible);
        }
        return "data:image/png;base64," + Base64.getEncoder().encodeToString(png.toByteArray());
    }
}
