package io.treegrad.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.treegrad.testing.DrawnDigits;
import io.treegrad.testing.Pictures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Digits that somebody has drawn, in files of any size, are read by a model of MNIST, or of the synthetic digits. */
class PictureIT {
    private static final int[] SIDES = {28, 40, 56, 64, 90, 128, 200, 256, 300, 400};

    @TempDir
    private static Path directory;

    @Test
    void thirtyPicturesAreReadRight() throws IOException {
        Path pictures = Files.createDirectory(directory.resolve("pictures"));
        List<String> expected = new ArrayList<>(List.of("id,label"));
        DrawnDigits drawn = new DrawnDigits(1);
        for (int i = 0; i < 30; i++) {
            int digit = i % 10;
            boolean whiteOnBlack = i / 10 == 1 || (i / 10 == 2 && i % 2 == 0);
            int side = SIDES[(i * 7 + i / 10) % SIDES.length];
            boolean isJpeg = i % 3 == 2;
            Path file = pictures.resolve("%02d.%s".formatted(i, isJpeg ? "jpg" : "png"));
            Files.write(file, Pictures.file(drawn.draw(digit, side, whiteOnBlack), isJpeg ? "jpeg" : "png"));
            expected.add(file + "," + digit);
        }
        Files.writeString(pictures.resolve("notes.txt"), "no picture");
        String model = directory.resolve("model").toString();
        run(
                        "train",
                        "--data",
                        System.getenv("MNIST_DIR") == null ? "synthetic" : "mnist",
                        "--epochs",
                        "3",
                        "--report",
                        "false",
                        "--output",
                        model)
                .succeeded();
        String[] words = {
            "predict", "--model", model, "--id", "path", "--columns", "id,label", "--data", pictures.toString()
        };
        run(words).failed(65, "notes.txt", "neither PNG nor JPEG");
        words[words.length - 1] = pictures + "/*.{png,jpg}";
        assertEquals(String.join("\n", expected) + "\n", run(words).succeeded().out());
    }

    private static Invocation run(String... words) {
        String mnist = System.getenv("MNIST_DIR");
        return Invocation.of(directory, mnist == null ? Map.of() : Map.of("MNIST_DIR", mnist), words);
    }
}
