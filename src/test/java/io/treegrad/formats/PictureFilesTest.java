package io.treegrad.formats;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.treegrad.common.UserError;
import io.treegrad.data.BadRows;
import io.treegrad.data.DataFormat;
import io.treegrad.data.LocalStorage;
import io.treegrad.data.RowSet;
import io.treegrad.data.RowSource;
import io.treegrad.data.Rows;
import io.treegrad.data.Shape;
import io.treegrad.testing.DrawnDigits;
import io.treegrad.testing.MemoryStorage;
import io.treegrad.testing.Pictures;
import io.treegrad.testing.Reading;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.awt.image.Raster;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32;
import java.util.zip.DeflaterOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Pictures of digits become rows as MNIST has them. */
class PictureFilesTest {
    private final MemoryStorage storage = new MemoryStorage();

    @Test
    void directoriesAreClassesAndTestHoldsTheTestRows() throws IOException {
        byte[] picture = Pictures.file(new DrawnDigits(1).draw(3, 64, true), "png");
        for (String path : List.of("d/train/cat/1.png", "d/train/cat/2.jpg", "d/train/dog/1.png", "d/test/dog/9.png")) {
            storage.with(path, picture);
        }
        OpenedData data = open("d", ReadingOptions.AUTO);
        assertEquals(List.of("cat", "dog"), data.train().classNames());
        assertEquals("[0, 0, 1]", Arrays.toString(data.train().labels(storage)));
        assertEquals("[1]", Arrays.toString(data.test().orElseThrow().labels(storage)));
        assertEquals(new Shape(28, 28), data.train().shape());
        assertTrue(data.train().ofBytes());
        Rows rows = data.train().read(RowSet.range(1, 3), storage);
        assertEquals(0, rows.label(0));
        assertEquals(1, rows.label(1));
        storage.with("e/Train/cat/1.png", picture).with("e/Train/dog/1.png", picture);
        OpenedData capital = open("e", ReadingOptions.AUTO);
        assertTrue(capital.test().isEmpty());
        storage.with("e/Test/dog/9.png", picture).with("e/Test/cat/9.png", picture);
        assertEquals(2, open("e", ReadingOptions.AUTO).test().orElseThrow().rows());
        storage.with("n/0/a.png", picture).with("n/10/a.png", picture).with("n/2/a.png", picture);
        assertEquals(
                "[0, 10, 2]",
                Arrays.toString(open("n", ReadingOptions.AUTO).train().labels(storage)),
                "numbers");
        for (int digit = 0; digit < 10; digit++) {
            storage.with("z/0%d/a.png".formatted(digit), picture);
        }
        RowSource digits = open("z", ReadingOptions.AUTO).train();
        assertEquals(List.of("0", "1", "2"), digits.classNames().subList(0, 3));
        assertEquals("[0, 1, 2, 3, 4, 5, 6, 7, 8, 9]", Arrays.toString(digits.labels(storage)), "leading zeros");
        storage.with("x.png", picture);
        assertEquals(
                List.of("label"),
                assertThrows(UserError.class, () -> open("x.png", ReadingOptions.AUTO))
                        .settings());
        RowSource unlabelled = open(
                        "d",
                        ReadingOptions.AUTO.forPrediction(
                                new ReadingOptions.ForPrediction(784, Optional.of("path"), false)))
                .train();
        assertEquals(4, unlabelled.rows());
        assertEquals("d/train/cat/2.jpg", unlabelled.ids(RowSet.range(2, 3), storage)[0]);
        storage.with("s3a://user:secret@bucket/a.png", picture);
        assertEquals(
                "s3a://***@bucket/a.png",
                unlabelled("s3a://user:secret@bucket/a.png").ids(RowSet.range(0, 1), storage)[0]);
    }

    @Test
    void directoriesAreNoNumbersToPredict() throws IOException {
        storage.with("n/7/a.png", Pictures.file(new DrawnDigits(1).draw(3, 64, true), "png"));
        UserError error = assertThrows(UserError.class, () -> open("n", Reading.numbers(Optional.empty())));
        assertEquals(List.of("task"), error.settings());
        assertEquals(
                "n/7/a.png: pictures have classes, the names of their directories, expected numbers to predict. Predict"
                        + " the classes, or give a table with numbers.",
                error.getMessage());
    }

    @ParameterizedTest
    @ValueSource(ints = {28, 57, 128, 399, 1600})
    void theDigitIsFoundWhereverAndInWhateverShadesItIs(int side) throws IOException {
        for (int digit = 0; digit < 10; digit++) {
            double[] first = null;
            for (boolean whiteOnBlack : new boolean[] {true, false}) {
                for (String format : new String[] {"png", "jpeg"}) {
                    BufferedImage image = new DrawnDigits(digit).draw(digit, side, whiteOnBlack);
                    storage.with("p", Pictures.file(image, format));
                    Rows rows = unlabelled("p").read(RowSet.range(0, 1), storage);
                    double[] pixels = new double[784];
                    double mass = 0;
                    double lines = 0;
                    double columns = 0;
                    for (int i = 0; i < 784; i++) {
                        pixels[i] = rows.value(0, i);
                        mass += pixels[i];
                        int line = i / 28;
                        lines += pixels[i] * line;
                        columns += pixels[i] * (i % 28);
                    }
                    assertEquals(14, lines / mass, 0.6, "the line of the centre");
                    assertEquals(14, columns / mass, 0.6, "the column of the centre");
                    first = first == null ? pixels : first;
                    double alike = likeness(first, pixels);
                    assertTrue(alike > (side < 100 ? 0.75 : 0.9), digit + " " + side + " " + format + ": " + alike);
                }
            }
        }
    }

    /** The largest cosine of the angle between two pictures, one of which may be moved by a pixel. */
    private static double likeness(double[] a, double[] b) {
        double best = 0;
        for (int shift = -29; shift <= 29; shift++) {
            double product = 0;
            double squareOfA = 0;
            double squareOfB = 0;
            for (int i = Math.max(0, -shift); i < Math.min(784, 784 - shift); i++) {
                product += a[i] * b[i + shift];
                squareOfA += a[i] * a[i];
                squareOfB += b[i + shift] * b[i + shift];
            }
            boolean isByOnePixel = Math.floorMod(shift + 1, 28) <= 2;
            best = isByOnePixel ? Math.max(best, product / Math.sqrt(squareOfA * squareOfB)) : best;
        }
        return best;
    }

    @Test
    void whatIsTransparentIsPaper() throws IOException {
        BufferedImage clear = new BufferedImage(60, 60, BufferedImage.TYPE_INT_ARGB);
        BufferedImage paper = new BufferedImage(60, 60, BufferedImage.TYPE_BYTE_GRAY);
        for (BufferedImage image : List.of(clear, paper)) {
            Graphics2D graphics = image.createGraphics();
            if (image == paper) {
                graphics.setColor(Color.WHITE);
                graphics.fillRect(0, 0, 60, 60);
            }
            graphics.setColor(Color.BLACK);
            graphics.fillRect(10, 5, 6, 40);
            graphics.dispose();
        }
        storage.with("a.png", Pictures.file(clear, "png")).with("b.png", Pictures.file(paper, "png"));
        Rows rows = unlabelled("a.png,b.png").read(RowSet.range(0, 2), storage);
        int bright = 0;
        for (int i = 0; i < 784; i++) {
            assertEquals(rows.value(0, i), rows.value(1, i));
            bright += rows.value(0, i) == 255 ? 1 : 0;
        }
        assertEquals(20 * 3, bright, "a line of 20 x 3 pixels");
    }

    /** As an app with a black canvas keeps it: on white paper nothing could be seen. */
    @Test
    void whiteInkOnNothingIsADigitToo() throws IOException {
        BufferedImage clear = new BufferedImage(60, 60, BufferedImage.TYPE_INT_ARGB);
        BufferedImage black = new BufferedImage(60, 60, BufferedImage.TYPE_BYTE_GRAY);
        for (BufferedImage image : List.of(clear, black)) {
            Graphics2D graphics = image.createGraphics();
            graphics.setColor(Color.WHITE);
            graphics.fillRect(10, 5, 6, 40);
            graphics.dispose();
        }
        storage.with("a.png", Pictures.file(clear, "png")).with("b.png", Pictures.file(black, "png"));
        Rows rows = unlabelled("a.png,b.png").read(RowSet.range(0, 2), storage);
        for (int i = 0; i < 784; i++) {
            assertEquals(rows.value(1, i), rows.value(0, i), "pixel " + i);
        }
    }

    /** What Exif calls it: which side of what a person sees is the first line as stored, and which the first column. */
    private enum Held {
        TOP_LEFT,
        TOP_RIGHT,
        BOTTOM_RIGHT,
        BOTTOM_LEFT,
        LEFT_TOP,
        RIGHT_TOP,
        RIGHT_BOTTOM,
        LEFT_BOTTOM;

        /** The picture as a camera stores it. */
        BufferedImage stored(BufferedImage seen) {
            List<String> sides = List.of(name().split("_"));
            boolean isTurned = sides.get(0).equals("LEFT") || sides.get(0).equals("RIGHT");
            BufferedImage stored = new BufferedImage(
                    isTurned ? seen.getHeight() : seen.getWidth(),
                    isTurned ? seen.getWidth() : seen.getHeight(),
                    BufferedImage.TYPE_BYTE_GRAY);
            for (int y = 0; y < seen.getHeight(); y++) {
                for (int x = 0; x < seen.getWidth(); x++) {
                    int fromTop = sides.contains("TOP") ? y : seen.getHeight() - 1 - y;
                    int fromLeft = sides.contains("LEFT") ? x : seen.getWidth() - 1 - x;
                    int line = isTurned ? fromLeft : fromTop;
                    int column = isTurned ? fromTop : fromLeft;
                    stored.getRaster()
                            .setSample(column, line, 0, seen.getRaster().getSample(x, y, 0));
                }
            }
            return stored;
        }
    }

    @ParameterizedTest
    @EnumSource
    void aPictureIsReadAsItIsSeenHoweverTheCameraWasHeld(Held held) throws IOException {
        BufferedImage seen = new BufferedImage(180, 240, BufferedImage.TYPE_BYTE_GRAY);
        Raster digit = new DrawnDigits(7).draw(7, 160, true).getRaster();
        seen.getRaster().setPixels(10, 20, 160, 160, digit.getPixels(0, 0, 160, 160, (int[]) null));
        byte[] png = Pictures.file(held.stored(seen), "png");
        byte[] jpeg = Pictures.file(held.stored(seen), "jpeg");
        storage.with("0.png", Pictures.file(seen, "png"));
        for (boolean bigEndian : new boolean[] {true, false}) {
            byte[] exif = exif(held.ordinal() + 1, bigEndian);
            storage.with("1.png", withExif(png, exif)).with("2.jpg", jpegWithExif(jpeg, exif));
            Rows rows = unlabelled("?.*").read(RowSet.range(0, 3), storage);
            double[][] pixels = new double[3][784];
            for (int i = 0; i < 784; i++) {
                assertEquals(rows.value(0, i), rows.value(1, i), 1, "pixel " + i);
                for (int row = 0; row < 3; row++) {
                    pixels[row][i] = rows.value(row, i);
                }
            }
            assertTrue(likeness(pixels[0], pixels[2]) > 0.9, held + " as JPEG");
        }
    }

    @Test
    void exifThatIsDamagedSaysNothing() throws IOException {
        byte[] png = Pictures.file(new DrawnDigits(7).draw(7, 60, true), "png");
        byte[] whole = exif(6, true);
        storage.with("a.png", png);
        for (int end = 0; end < 32; end++) {
            storage.with("b.png", withExif(png, Arrays.copyOf(whole, end)));
            Rows rows = unlabelled("?.png").read(RowSet.range(0, 2), storage);
            for (int i = 0; i < 784; i++) {
                assertEquals(rows.value(0, i), rows.value(1, i), "pixel " + i + " with " + end + " bytes");
            }
        }
    }

    /** A TIFF header with a directory of two entries, the second of which is the orientation. */
    private static byte[] exif(int orientation, boolean bigEndian) {
        ByteBuffer exif = ByteBuffer.allocate(38).order(bigEndian ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
        exif.put((bigEndian ? "MM" : "II").getBytes(StandardCharsets.US_ASCII));
        exif.putShort((short) 42).putInt(8).putShort((short) 2);
        exif.putShort((short) 0x0100).putShort((short) 4).putInt(1).putInt(90);
        exif.putShort((short) 0x0112).putShort((short) 3).putInt(1).putShort((short) orientation);
        return exif.array();
    }

    /** In a chunk behind the first one. */
    private static byte[] withExif(byte[] png, byte[] exif) throws IOException {
        int first = 8 + 25;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.write(png, 0, first);
        chunk(new DataOutputStream(bytes), "eXIf", exif);
        bytes.write(png, first, png.length - first);
        return bytes.toByteArray();
    }

    /** In a segment behind the first one. */
    private static byte[] jpegWithExif(byte[] jpeg, byte[] exif) throws IOException {
        int first = 4 + ByteBuffer.wrap(jpeg).getShort(4);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.write(jpeg, 0, first);
        out.writeShort(0xFFE1);
        out.writeShort(8 + exif.length);
        out.writeBytes("Exif\0\0");
        out.write(exif);
        out.write(jpeg, first, jpeg.length - first);
        return bytes.toByteArray();
    }

    @Test
    void picturesOfMnistStayAsTheyAre() throws IOException {
        String mnist = System.getenv("MNIST_DIR");
        assumeTrue(mnist != null, "MNIST_DIR is not set: the pictures of MNIST are not read");
        LocalStorage disk = new LocalStorage();
        Rows test = IdxFiles.mnist(disk, Path.of(mnist).toString()).test().read(RowSet.range(0, 500), disk);
        for (int row = 0; row < 500; row++) {
            storage.with("%03d.png".formatted(row), Pictures.png(test, row, 28));
        }
        Rows rows = unlabelled("*.png").read(RowSet.range(0, 500), storage);
        for (int row = 0; row < 500; row++) {
            for (int i = 0; i < 784; i++) {
                assertEquals(test.value(row, i), rows.value(row, i), "picture " + row);
            }
        }
    }

    @Test
    void whatIsNoPictureOfADigitIsRefusedOrPassedOver() throws IOException {
        byte[] good = Pictures.file(new DrawnDigits(1).draw(3, 64, true), "png");
        storage.with("1.png", good)
                .with("2.png", Arrays.copyOf(good, good.length / 2))
                .with("3.png", Pictures.file(new BufferedImage(50, 50, BufferedImage.TYPE_BYTE_GRAY), "png"))
                .with("4.png", "not a picture".getBytes(StandardCharsets.US_ASCII))
                .with("5.png", hugePng())
                .with("6.png", Pictures.file(new BufferedImage(5, 5, BufferedImage.TYPE_BYTE_GRAY), "bmp"));
        RowSource source = unlabelled("*.png");
        BadRows bad = new BadRows(5);
        source.read(RowSet.range(0, 6), storage, bad);
        assertArrayEquals(
                new String[] {
                    "2.png: found a damaged picture",
                    "3.png: found a picture of a single shade",
                    "4.png: found bytes that are neither PNG nor JPEG",
                    "5.png: found a picture of 100000x100000 pixels, which is too large",
                    "6.png: found bytes that are neither PNG nor JPEG"
                },
                bad.faults().stream()
                        .map(fault -> fault.getMessage().replaceFirst("( \\([^)]*\\))?, expected a picture of.*", ""))
                        .toArray());
        UserError error = assertThrows(UserError.class, () -> source.read(RowSet.range(0, 6), storage));
        assertEquals(UserError.Kind.BAD_DATA, error.kind());
        assertEquals(0, storage.openStreams());
    }

    /** A few bytes that claim ten thousand million pixels. */
    private static byte[] hugePng() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.write(new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'});
        ByteArrayOutputStream header = new ByteArrayOutputStream();
        DataOutputStream fields = new DataOutputStream(header);
        fields.writeInt(100_000);
        fields.writeInt(100_000);
        fields.write(new byte[] {8, 0, 0, 0, 0});
        chunk(out, "IHDR", header.toByteArray());
        ByteArrayOutputStream data = new ByteArrayOutputStream();
        try (DeflaterOutputStream deflater = new DeflaterOutputStream(data)) {
            deflater.write(new byte[1 << 20]);
        }
        chunk(out, "IDAT", data.toByteArray());
        chunk(out, "IEND", new byte[0]);
        return bytes.toByteArray();
    }

    private static void chunk(DataOutputStream out, String type, byte[] data) throws IOException {
        out.writeInt(data.length);
        CRC32 crc = new CRC32();
        crc.update(type.getBytes(StandardCharsets.US_ASCII));
        crc.update(data);
        out.writeBytes(type);
        out.write(data);
        out.writeInt((int) crc.getValue());
    }

    private RowSource unlabelled(String paths) throws IOException {
        ReadingOptions options =
                ReadingOptions.AUTO.forPrediction(new ReadingOptions.ForPrediction(784, Optional.empty(), false));
        return open(paths, options).train();
    }

    private OpenedData open(String paths, ReadingOptions options) throws IOException {
        List<String> files = new InputPaths(storage).files(paths);
        assertEquals(DataFormat.IMAGES, Formats.of(storage, files));
        return Formats.open(DataFormat.IMAGES, storage, files, options);
    }
}
