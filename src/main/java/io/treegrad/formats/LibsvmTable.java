package io.treegrad.formats;

import io.treegrad.data.JoinedSource;
import io.treegrad.data.RowSource;
import io.treegrad.data.Shape;
import io.treegrad.data.Storage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Opens LIBSVM files: a label, then {@code index:value} for each value that is not zero, indices ascending from 1.
 * Source: the README of LIBSVM. Values are kept with the zeros between them.
 */
final class LibsvmTable {
    private LibsvmTable() {}

    static OpenedData open(Storage storage, List<String> paths, ReadingOptions options) throws IOException {
        LibsvmForm form = LibsvmForm.surveying(options);
        List<TextSource.Survey> surveys = new ArrayList<>();
        for (String path : paths) {
            surveys.add(TextSource.survey(storage, path, ' ', false, form, options.passesOverBadRows()));
        }
        LibsvmForm known = form.known(options);
        List<RowSource> files = new ArrayList<>();
        for (int i = 0; i < paths.size(); i++) {
            files.add(new TextSource(
                    paths.get(i),
                    ' ',
                    false,
                    known,
                    surveys.get(i).rows(),
                    surveys.get(i).index(),
                    new Shape(1, known.features())));
        }
        return new OpenedData(JoinedSource.of(files), Optional.empty());
    }
}
