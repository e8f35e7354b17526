package io.treegrad.run;

import io.treegrad.common.Printable;
import io.treegrad.common.UserError;
import io.treegrad.data.LocalStorage;
import io.treegrad.formats.DataChoice;
import io.treegrad.formats.IdxFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Finds the data that {@code --data} names. MNIST is searched in {@code data/mnist}, in the download cache and on its
 * mirrors, in this order; only {@code auto} may fall back to the synthetic digits. If {@code $MNIST_DIR} is set, only
 * that directory is searched: users who say where the data is never get other data. The 8x8 digits are in
 * {@code $DIGITS_DIR}, or in {@code data/digits} if that is not set.
 */
public final class DataLocator {
    /**
     * The data to use.
     *
     * @param path an absolute local directory for MNIST, an absolute local file for the 8x8 digits, the title of a
     *     built-in table, a path as the user wrote it, empty for synthetic digits
     * @param sentence what to tell the user
     */
    public record Location(DataChoice.Kind kind, String path, String sentence) {}

    private final Map<String, String> environment;
    private final Path directory;
    private final Consumer<String> log;

    public DataLocator(RunEnvironment environment) {
        this(environment.variables(), environment.directory(), environment::say);
    }

    DataLocator(Map<String, String> environment, Path directory, Consumer<String> log) {
        this.environment = environment;
        this.directory = directory;
        this.log = log;
    }

    /**
     * @param data the value of {@code --data}
     * @throws UserError INPUT_MISSING, TRY_AGAIN or CANNOT_WRITE if {@code mnist} is not available; BAD_DATA if files
     *     exist but are damaged
     */
    public Location locate(DataChoice data) {
        return switch (data.kind()) {
            case SYNTHETIC ->
                new Location(DataChoice.Kind.SYNTHETIC, "", "Data: the built-in synthetic digits, as asked.");
            case MNIST -> mnist(MnistDownload.patient());
            case AUTO -> mnistOrSynthetic(MnistDownload.brief());
            case DIGITS -> digits();
            case BUILT_IN -> new Location(data.kind(), data.path(), "Data: the built-in table " + data.path() + ".");
            case PATH -> new Location(data.kind(), data.path(), "Data: " + Printable.plain(data.path()) + ".");
        };
    }

    private Location digits() {
        String named = environment.getOrDefault("DIGITS_DIR", "");
        String place = named.isBlank() ? "data/digits" : named;
        for (String name : List.of("digits.csv", "digits.csv.gz")) {
            Path path = directory.resolve(place).resolve(name);
            if (Files.isRegularFile(path)) {
                return new Location(
                        DataChoice.Kind.DIGITS,
                        path.toAbsolutePath().normalize().toString(),
                        "Data: the 8x8 digits from " + Printable.plain(place) + ".");
            }
        }
        throw new UserError(
                UserError.Kind.INPUT_MISSING,
                "The 8x8 digits were not found ("
                        + (named.isBlank()
                                ? "DIGITS_DIR is not set; data/digits does not have them"
                                : "DIGITS_DIR=" + Printable.plain(named) + " does not have them")
                        + "): expected digits.csv or digits.csv.gz with 64 values and the label"
                        + " in each of 1797 lines. It is the file optdigits.tes of \"Optical Recognition of Handwritten"
                        + " Digits\" in the UCI Machine Learning Repository: save it as data/digits/digits.csv.");
    }

    Location mnistOrSynthetic(MnistDownload download) {
        List<String> reasons = new ArrayList<>();
        Optional<Location> local = localMnist(reasons);
        if (local.isPresent()) {
            return local.get();
        }
        try {
            return downloaded(download);
        } catch (UserError e) {
            if (e.kind() == UserError.Kind.BAD_DATA) {
                throw e;
            }
            reasons.add(
                    e.kind() == UserError.Kind.CANNOT_WRITE
                            ? "the download cache cannot be written"
                            : "its mirrors cannot be reached");
        }
        return new Location(
                DataChoice.Kind.SYNTHETIC,
                "",
                "Data: MNIST is not available (" + String.join("; ", reasons) + ").\n"
                        + "This run trains on the built-in synthetic digits instead: its figures are not MNIST's.\n"
                        + "For MNIST run fetch-data, or set MNIST_DIR to a directory with its four files.");
    }

    Location mnist(MnistDownload download) {
        return localMnist(new ArrayList<>()).orElseGet(() -> downloaded(download));
    }

    private Optional<Location> localMnist(List<String> reasons) {
        String named = environment.getOrDefault("MNIST_DIR", "");
        if (!named.isBlank()) {
            if (holdsMnist(() -> directory.resolve(named), "MNIST_DIR=" + Printable.plain(named), reasons)) {
                return Optional.of(found(directory.resolve(named), "MNIST_DIR, " + Printable.plain(named)));
            }
            throw new UserError(
                    UserError.Kind.INPUT_MISSING,
                    String.join("; ", reasons)
                            + ": expected a directory with the four files of MNIST. Correct MNIST_DIR, or unset it to"
                            + " search data/mnist, the download cache and the mirrors.");
        }
        reasons.add("MNIST_DIR is not set");
        if (holdsMnist(() -> directory.resolve("data/mnist"), "data/mnist", reasons)) {
            return Optional.of(found(directory.resolve("data/mnist"), "data/mnist"));
        }
        if (holdsMnist(this::cache, "the download cache", reasons)) {
            return Optional.of(found(cache(), "the download cache, " + cache()));
        }
        return Optional.empty();
    }

    private Location downloaded(MnistDownload download) {
        download.into(cache(), new EnvironmentProxies(environment), log);
        return found(cache(), "its mirrors, now in " + cache());
    }

    private static Location found(Path path, String where) {
        return new Location(
                DataChoice.Kind.MNIST, path.toAbsolutePath().normalize().toString(), "Data: MNIST from " + where + ".");
    }

    private boolean holdsMnist(Supplier<Path> place, String name, List<String> reasons) {
        try {
            Path path = place.get();
            if (!Files.isDirectory(path)) {
                reasons.add(name + " is not a directory");
                return false;
            }
            IdxFiles.mnist(new LocalStorage(), path.toString());
            return true;
        } catch (UserError e) {
            switch (e.kind()) {
                case INPUT_MISSING -> reasons.add(name + " does not have all four files");
                case CANNOT_WRITE -> reasons.add(name + " cannot be used");
                default -> throw e;
            }
        } catch (IOException | InvalidPathException e) {
            reasons.add(name + " cannot be read");
        }
        return false;
    }

    /**
     * {@code $XDG_CACHE_HOME/treegrad/mnist}, otherwise the same below {@code ~/.cache}.
     *
     * @throws UserError CANNOT_WRITE if the locale cannot express its path
     */
    public Path cache() {
        String xdg = environment.getOrDefault("XDG_CACHE_HOME", "");
        String home = environment.getOrDefault("HOME", System.getProperty("user.home", "."));
        // the XDG base directory specification: a relative path is to be ignored
        String base = xdg.startsWith("/") ? xdg : home + "/.cache";
        try {
            return directory.resolve(base).resolve("treegrad").resolve("mnist");
        } catch (InvalidPathException e) {
            throw new UserError(
                    UserError.Kind.CANNOT_WRITE,
                    "The cache directory " + Printable.quoted(base)
                            + " has letters that this locale does not have: expected a path"
                            + " it can express. Set LC_ALL to a locale with UTF-8, such as C.UTF-8.",
                    e);
        }
    }
}
