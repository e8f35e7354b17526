package io.treegrad.formats;

import io.treegrad.common.UserError;
import io.treegrad.data.DataFormat;
import io.treegrad.data.RowSource;
import io.treegrad.data.Storage;
import io.treegrad.data.TrainAndTest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Finds which IDX files belong together by their names: {@code images} in the name of pictures is {@code labels} in that
 * of their labels, and {@code train} is {@code t10k} or {@code test} in those of the test rows. What follows, as in
 * {@code -idx3-ubyte.gz} or {@code .idx3-ubyte}, says nothing.
 */
public final class IdxFiles {
    /** Names of MNIST, Fashion-MNIST and KMNIST, which all have ten classes. */
    private static final List<String> MNIST = List.of("train-images", "t10k-images");

    private IdxFiles() {}

    /** The four official MNIST files, each with or without {@code .gz}, in a directory. */
    public static TrainAndTest mnist(Storage storage, String directory) throws IOException {
        String base = directory.endsWith("/") ? directory : directory + "/";
        List<String> names = List.of(
                "train-images-idx3-ubyte",
                "train-labels-idx1-ubyte",
                "t10k-images-idx3-ubyte",
                "t10k-labels-idx1-ubyte");
        List<String> found = new ArrayList<>();
        List<String> missing = new ArrayList<>();
        for (String name : names) {
            if (storage.exists(base + name)) {
                found.add(base + name);
            } else if (storage.exists(base + name + ".gz")) {
                found.add(base + name + ".gz");
            } else {
                missing.add(name);
            }
        }
        if (!missing.isEmpty()) {
            throw new UserError(
                    UserError.Kind.INPUT_MISSING,
                    directory + ": without " + String.join(", ", missing)
                            + ", expected these MNIST files, plain or with .gz; run fetch-data or give another"
                            + " directory.");
        }
        return new TrainAndTest(
                ArraySource.idx(storage, found.get(0), found.get(1)),
                ArraySource.idx(storage, found.get(2), found.get(3)));
    }

    /** @param paths a file of pictures, whose labels lie beside it, or all files of a directory */
    static OpenedData open(Storage storage, List<String> paths, ReadingOptions options) throws IOException {
        List<String> all = paths.size() > 1 ? paths : beside(storage, paths.get(0));
        List<String> pictures = paths.stream()
                .filter(path -> stem(path).contains("images") || paths.size() == 1)
                .toList();
        List<String> tests = pictures.stream().filter(IdxFiles::isTest).toList();
        List<String> trains = pictures.stream().filter(path -> !isTest(path)).toList();
        if (pictures.isEmpty()) {
            throw missing(
                    paths,
                    "files named as those of MNIST: train-images-idx3-ubyte, train-labels-idx1-ubyte and"
                            + " so on, plain or with .gz");
        }
        if (trains.isEmpty()) { // test pictures alone are data too, to evaluate and to predict
            return new OpenedData(one(storage, all, tests, options), Optional.empty());
        }
        RowSource train = one(storage, all, trains, options);
        if (tests.isEmpty()) {
            return new OpenedData(train, Optional.empty());
        }
        ReadingOptions like = options.like().isPresent() || options.isUnlabelled()
                ? options
                : options.withLike(new ReadingOptions.Precedent(
                        train.reading().orElseThrow(), train.classNames(), train.features()));
        return new OpenedData(train, Optional.of(one(storage, all, tests, like)));
    }

    private static ArraySource one(Storage storage, List<String> all, List<String> pictures, ReadingOptions options)
            throws IOException {
        String path = pictures.get(0);
        if (pictures.size() > 1) {
            throw new UserError(
                    UserError.Kind.BAD_CONFIGURATION,
                    "found several files of pictures, " + String.join(", ", pictures)
                            + ", expected one of each kind in a directory; name the one that you mean, or the two that"
                            + " belong together.");
        }
        String stem = stem(path).replace("images", "labels");
        Optional<String> labels = all.stream()
                .filter(other -> !other.equals(path) && stem(other).equals(stem))
                .findFirst();
        if (labels.isEmpty() && !options.labelsOptional() && !options.isUnlabelled()) {
            throw missing(List.of(path), "its labels, " + stem + "-idx1-ubyte (or with .gz), beside it");
        }
        boolean isMnist = MNIST.contains(stem(path));
        return ArraySource.open(
                storage,
                DataFormat.IDX,
                new IdxFile(path),
                labels.map(IdxFile::new),
                options,
                isMnist ? Optional.of(Classes.numbered(0, 10)) : Optional.empty());
    }

    private static UserError missing(List<String> paths, String expected) {
        String first = paths.get(0);
        return new UserError(
                        UserError.Kind.INPUT_MISSING,
                        (paths.size() == 1 ? first : first.substring(0, first.lastIndexOf('/') + 1))
                                + ": without " + expected
                                + "; name the files so. Rows without labels can only be predicted.")
                .fixedBy("label");
    }

    private static List<String> beside(Storage storage, String path) throws IOException {
        String directory = path.substring(0, path.lastIndexOf('/') + 1);
        List<String> all = new ArrayList<>();
        for (String name : storage.list(directory.isEmpty() ? "." : directory)) {
            all.add(directory + name);
        }
        return all;
    }

    private static boolean isTest(String path) {
        String stem = stem(path);
        return stem.contains("t10k") || stem.contains("test");
    }

    /** The name of a file up to its dimensions and type. */
    private static String stem(String path) {
        return path.substring(path.lastIndexOf('/') + 1)
                .replaceFirst("\\.gz$", "")
                .replaceFirst("[-.]idx[0-9].*", "");
    }
}
