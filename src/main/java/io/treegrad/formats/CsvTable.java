package io.treegrad.formats;

import io.treegrad.data.JoinedSource;
import io.treegrad.data.RowSource;
import io.treegrad.data.Shape;
import io.treegrad.data.Storage;
import io.treegrad.data.TableLabel;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Opens CSV files: rows of numbers, with the class of each in one column or in one-hot columns. The head of the first
 * file says what is in which column of all of them ({@link TableHead}, {@link TableColumnSearch}).
 */
public final class CsvTable {
    private static final int FEWEST_NAMES = 2;

    private CsvTable() {}

    private record Headed(String path, TableHead head) {
        boolean hasRows() {
            return !head.sample().isEmpty();
        }
    }

    /** A file before the classes are known. */
    private record Surveyed(String path, TableHead head, CsvForm form, TextSource.Survey survey) {
        TextSource source(Classes classes) {
            return new TextSource(
                    path,
                    head.separator(),
                    head.headerIsRow(),
                    form.known(classes),
                    survey.rows(),
                    survey.index(),
                    new Shape(1, form.columns().features()));
        }
    }

    /** A file, or several that make up one table, in their order. The rows are not pictures. */
    static OpenedData open(Storage storage, List<String> paths, ReadingOptions options) throws IOException {
        List<Headed> headed = new ArrayList<>();
        for (String path : paths) {
            headed.add(new Headed(path, TableHead.read(storage, path)));
        }
        TableHead first = headed.stream()
                .filter(Headed::hasRows)
                .findFirst()
                .orElse(headed.get(0))
                .head();
        TableColumns columns = TableColumnSearch.columns(first, options);
        boolean isNamed = isNamed(first, columns, options);
        ClassSurvey labels = new ClassSurvey();
        Classes unknown = options.hasNumbers() ? Classes.NONE : Classes.numbered(0, 1);
        List<Surveyed> surveyed = new ArrayList<>();
        for (Headed file : headed) {
            String path = file.path();
            TableHead head = file.head();
            CsvForm form = new CsvForm(columns.in(first.header(), head.header()), isNamed, unknown, labels);
            if (!file.hasRows() && !first.sample().isEmpty()) {
                continue; // a task without rows writes the header alone
            }
            surveyed.add(new Surveyed(
                    path,
                    head,
                    form,
                    TextSource.survey(
                            storage, path, head.separator(), head.headerIsRow(), form, options.passesOverBadRows())));
        }
        Classes classes = first.classNames().isEmpty() || options.hasNumbers()
                ? classes(columns, options, labels)
                : Classes.labelledByNumber(
                        options.like().map(ReadingOptions.Precedent::classes).orElse(first.classNames()));
        List<RowSource> files = new ArrayList<>();
        for (Surveyed file : surveyed) {
            files.add(file.source(classes));
        }
        return new OpenedData(JoinedSource.of(files), Optional.empty());
    }

    /** One file with the label in a given place. */
    public static TextSource open(Storage storage, String path, TableLabel label) throws IOException {
        ReadingOptions options = ReadingOptions.AUTO.withLabel(new LabelChoice(label.text()));
        return (TextSource) open(storage, List.of(path), options).train();
    }

    private static Classes classes(TableColumns columns, ReadingOptions options, ClassSurvey labels) {
        if (options.hasNumbers()) {
            return Classes.NONE;
        }
        if (columns.label().columns() == 0) {
            return Classes.numbered(0, 1);
        }
        return columns.label().isOneHot()
                ? options.classes(Classes.numbered(0, columns.label().columns()))
                : options.classes(labels);
    }

    /** Whether labels are names: as those of the first rows, or of the rows that were read before. */
    private static boolean isNamed(TableHead head, TableColumns columns, ReadingOptions options) {
        if (!head.classNames().isEmpty() || columns.label().isOneHot()) {
            return false;
        }
        if (options.like().isPresent()) {
            return !new Classes(options.like().get().classes()).areNumbers();
        }
        List<String> fields = head.sample().stream()
                .flatMap(row -> IntStream.range(0, Math.min(columns.count(), row.size()))
                        .filter(column -> columns.labelColumn(column) >= 0)
                        .mapToObj(row::get))
                .filter(label -> !CsvField.isMissingLabel(label))
                .toList();
        // among numbers, none is a missing one; among names, or alone, a class
        List<String> known =
                fields.stream().filter(label -> !CsvField.isMissing(label)).toList();
        List<String> labels = known.isEmpty() ? fields : known;
        long names = labels.stream().filter(label -> !CsvField.isNumber(label)).count();
        // names may begin with digits or be such; a single one among numbers is a mistake
        return names >= FEWEST_NAMES || (names > 0 && !CsvField.isNumber(labels.get(0)));
    }
}
