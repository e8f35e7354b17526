package io.treegrad.formats;

import io.treegrad.data.Shape;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Iterator;
import java.util.Locale;
import java.util.Set;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * A PNG or JPEG picture as grey pixels from 0, black, to 255, white. Colours become their luminance (ITU-R BT.601), what
 * is transparent becomes white, or black where nothing could be seen on white. It is as a person sees it, however the camera was held that took it.
 */
final class GreyPicture {
    /** So many pixels or more are refused before any memory is taken for them. */
    private static final long TOO_MANY_PIXELS = 1 << 26;

    private static final Set<String> FORMATS = Set.of("png", "jpeg");

    /** Ink of such shades cannot be seen on white. */
    private static final int PALE = 240;

    private final int height;
    private final int width;
    /** Line by line.   [height × width] */
    private final byte[] pixels;

    private GreyPicture(int height, int width) {
        this.height = height;
        this.width = width;
        this.pixels = new byte[height * width];
    }

    /** @throws IOException that says, in words for the user, what was found instead of a picture */
    static GreyPicture read(byte[] file) throws IOException {
        return read(file, Integer.MAX_VALUE);
    }

    /**
     * A picture of which only some lines and columns are taken, at equal distances, if it is larger than needed.
     *
     * @param needed pixels of the shorter side
     */
    static GreyPicture read(byte[] file, int needed) throws IOException {
        try (MemoryCacheImageInputStream in = new MemoryCacheImageInputStream(new ByteArrayInputStream(file))) {
            Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
            ImageReader reader = readers.hasNext() ? readers.next() : null;
            if (reader == null || !FORMATS.contains(reader.getFormatName().toLowerCase(Locale.ROOT))) {
                throw new IOException("bytes that are neither PNG nor JPEG");
            }
            try {
                reader.setInput(in, true, true);
                return of(read(reader, needed)).upright(PictureOrientation.of(file));
            } finally {
                reader.dispose();
            }
        } catch (RuntimeException damage) { // of the JDK's decoders
            throw new IOException("a damaged picture (" + damage.getMessage() + ")", damage);
        }
    }

    private static BufferedImage read(ImageReader reader, int needed) throws IOException {
        int width = reader.getWidth(0);
        int height = reader.getHeight(0);
        if ((long) width * height >= TOO_MANY_PIXELS) {
            throw new IOException("a picture of " + height + "x" + width + " pixels, which is too large");
        }
        ImageReadParam parameters = reader.getDefaultReadParam();
        int every = Math.max(1, Math.min(width, height) / needed);
        parameters.setSourceSubsampling(every, every, 0, 0);
        try {
            return reader.read(0, parameters);
        } catch (IOException damage) {
            throw new IOException("a damaged picture (" + damage.getMessage() + ")", damage);
        }
    }

    private static GreyPicture of(BufferedImage image) {
        GreyPicture picture = new GreyPicture(image.getHeight(), image.getWidth());
        ColorModel colors = image.getColorModel();
        boolean isGrey = !(colors instanceof IndexColorModel)
                && colors.getColorSpace().getType() == ColorSpace.TYPE_GRAY
                && !colors.hasAlpha();
        if (isGrey) {
            // as stored: Java would convert grey to RGB by another curve
            Raster raster = image.getRaster();
            int white = (1 << colors.getComponentSize(0)) - 1;
            for (int i = 0; i < picture.pixels.length; i++) {
                int sample = raster.getSample(i % picture.width, i / picture.width, 0);
                picture.pixels[i] = (byte) (sample * 255L / white);
            }
            return picture;
        }
        if (!colors.hasAlpha()) {
            return luminance(image);
        }
        GreyPicture onWhite = luminance(on(Color.WHITE, image));
        GreyPicture onBlack = onWhite.isPale() ? luminance(on(Color.BLACK, image)) : onWhite;
        return onBlack.isBlack() ? onWhite : onBlack;
    }

    private boolean isPale() {
        return IntStream.range(0, pixels.length).allMatch(i -> (pixels[i] & 0xFF) >= PALE);
    }

    private boolean isBlack() {
        return IntStream.range(0, pixels.length).allMatch(i -> pixels[i] == 0);
    }

    private static GreyPicture luminance(BufferedImage opaque) {
        GreyPicture picture = new GreyPicture(opaque.getHeight(), opaque.getWidth());
        for (int i = 0; i < picture.pixels.length; i++) {
            int rgb = opaque.getRGB(i % picture.width, i / picture.width);
            picture.pixels[i] =
                    (byte) ((299 * (rgb >> 16 & 0xFF) + 587 * (rgb >> 8 & 0xFF) + 114 * (rgb & 0xFF) + 500) / 1000);
        }
        return picture;
    }

    private GreyPicture upright(PictureOrientation stored) {
        if (stored.equals(PictureOrientation.UPRIGHT)) {
            return this;
        }
        GreyPicture upright = stored.isTurned() ? new GreyPicture(width, height) : new GreyPicture(height, width);
        for (int y = 0; y < upright.height; y++) {
            for (int x = 0; x < upright.width; x++) {
                int line = stored.isTurned() ? x : y;
                int column = stored.isTurned() ? y : x;
                int from = (stored.fromBottom() ? height - 1 - line : line) * width
                        + (stored.fromRight() ? width - 1 - column : column);
                upright.pixels[y * upright.width + x] = pixels[from];
            }
        }
        return upright;
    }

    private static BufferedImage on(Color paper, BufferedImage image) {
        BufferedImage opaque = new BufferedImage(image.getWidth(), image.getHeight(), BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = opaque.createGraphics();
        graphics.drawImage(image, 0, 0, paper, null);
        graphics.dispose();
        return opaque;
    }

    Shape shape() {
        return new Shape(height, width);
    }

    /** The brightness of a pixel, 0 to 255. */
    int at(int line, int column) {
        return pixels[line * width + column] & 0xFF;
    }
}
