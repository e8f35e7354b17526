package io.treegrad.formats;

import io.treegrad.common.UserError;
import io.treegrad.data.Storage;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * The files that a user names: a file, all files in a directory and below it, a pattern ({@code *}, {@code ?}, {@code
 * [ab]}, <code>{a,b}</code>, and <code>{2026-11-01..2026-11-26}</code> for all names between the two), or several of
 * these separated by commas. Names that begin with {@code _} or {@code .}, as Spark's {@code _SUCCESS}, are passed over.
 */
public final class InputPaths {
    private static final Pattern PATTERN = Pattern.compile(".*[*?{\\[].*");
    private static final Pattern RANGE = Pattern.compile("(.*)\\{([^{},]+?)\\.\\.([^{},]+)}(.*)");

    private final Storage storage;

    public InputPaths(Storage storage) {
        this.storage = storage;
    }

    /**
     * Files in the order of their names, each item of a list after the one before.
     *
     * @throws UserError INPUT_MISSING if there is none for an item
     */
    public List<String> files(String text) throws IOException {
        List<String> files = new ArrayList<>();
        for (String item : isThere(text) ? List.of(text) : items(text)) {
            List<String> found = new ArrayList<>();
            for (String path : matches(item)) {
                addFiles(path, found);
            }
            if (found.isEmpty()) {
                throw new UserError(
                        UserError.Kind.INPUT_MISSING,
                        item + ": there is no such file or directory"
                                + (PATTERN.matcher(item).matches() ? " of this pattern" : "")
                                + ", or it is empty; expected data. Check the path, or run fetch-data for MNIST.");
            }
            files.addAll(found);
        }
        return files;
    }

    /** Cut at the commas that are not in braces. */
    private static List<String> items(String text) {
        List<String> items = new ArrayList<>();
        int depth = 0;
        int from = 0;
        for (int i = 0; i <= text.length(); i++) {
            char c = i < text.length() ? text.charAt(i) : ',';
            depth += c == '{' ? 1 : c == '}' ? -1 : 0;
            if (c == ',' && (depth <= 0 || i == text.length())) {
                if (i > from) {
                    items.add(text.substring(from, i).strip());
                }
                from = i + 1;
            }
        }
        return items;
    }

    /** Names may have commas and brackets, as in {@code run [1]}. */
    private boolean isThere(String path) throws IOException {
        return storage.exists(path) || !storage.list(path).isEmpty();
    }

    private List<String> matches(String item) throws IOException {
        if (!PATTERN.matcher(item).matches() || isThere(item)) {
            return List.of(item);
        }
        List<String> found = List.of("");
        String[] parts = item.split("/", -1);
        for (int i = 0; i < parts.length; i++) {
            String end = i < parts.length - 1 ? "/" : "";
            List<String> longer = new ArrayList<>();
            for (String base : found) {
                if (PATTERN.matcher(parts[i]).matches()) {
                    Predicate<String> matcher = matcher(parts[i]);
                    for (String name : storage.list(base.isEmpty() ? "." : base)) {
                        if (matcher.test(name)) {
                            longer.add(base + name + end);
                        }
                    }
                } else {
                    longer.add(base + parts[i] + end);
                }
            }
            found = longer;
        }
        return found;
    }

    /** Of the names that a part of a path between slashes stands for. */
    private static Predicate<String> matcher(String part) {
        Matcher range = RANGE.matcher(part);
        if (range.matches()) {
            int from = range.group(1).length();
            int after = range.group(4).length();
            return name -> {
                if (name.length() < from + after
                        || !name.startsWith(range.group(1))
                        || !name.endsWith(range.group(4))) {
                    return false;
                }
                String middle = name.substring(from, name.length() - after);
                return middle.length() == range.group(2).length()
                        && middle.compareTo(range.group(2)) >= 0
                        && middle.compareTo(range.group(3)) <= 0;
            };
        }
        try {
            PathMatcher glob = FileSystems.getDefault().getPathMatcher("glob:" + part);
            return name -> glob.matches(Path.of(name));
        } catch (PatternSyntaxException e) {
            throw new UserError(
                    UserError.Kind.USAGE,
                    part + ": " + e.getDescription() + ", expected a pattern of file names such as part-*.csv.",
                    e);
        }
    }

    private void addFiles(String path, List<String> files) throws IOException {
        if (storage.exists(path)) {
            files.add(path);
            return;
        }
        String base = path.endsWith("/") ? path : path + "/";
        for (String name : new TreeSet<>(storage.list(path))) {
            if (!name.startsWith("_") && !name.startsWith(".")) {
                addFiles(base + name, files);
            }
        }
    }
}
