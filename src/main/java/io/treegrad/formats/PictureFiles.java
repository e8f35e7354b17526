package io.treegrad.formats;

import io.treegrad.common.Redaction;
import io.treegrad.common.UserError;
import io.treegrad.data.BadRows;
import io.treegrad.data.ByteRowsBuilder;
import io.treegrad.data.DataFormat;
import io.treegrad.data.DataReading;
import io.treegrad.data.FloatRows;
import io.treegrad.data.RowSet;
import io.treegrad.data.RowSource;
import io.treegrad.data.Rows;
import io.treegrad.data.Shape;
import io.treegrad.data.Storage;
import io.treegrad.data.TableLabel;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Pictures of digits, PNG or JPEG, one a file. The name of the directory that a file is in is its class, unless they are
 * only to be predicted; those in directories below {@code test} or {@code testing} are the test rows. Each is turned into
 * one as MNIST has them ({@link DigitPicture}).
 */
record PictureFiles(List<String> paths, List<Integer> labels, Classes known) implements RowSource {
    private static final Shape SHAPE = new Shape(DigitPicture.SIDE, DigitPicture.SIDE);
    /** Enough pixels of the shorter side; of larger pictures only some lines and columns are taken. */
    private static final int ENOUGH = 400;

    private static final int MOST_BYTES = 1 << 26;
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,5}");

    /** The column that identifies a picture. */
    private static final String PATH = "path";

    static OpenedData open(List<String> paths, ReadingOptions options) {
        if (options.id().filter(id -> !id.equals(PATH)).isPresent()) {
            throw new UserError(
                            UserError.Kind.USAGE,
                            paths.get(0)
                                    + ": pictures have no columns, expected path, which stands for the path of each.")
                    .fixedBy("id");
        }
        if (options.hasNumbers() && !options.isUnlabelled()) {
            throw new UserError(
                            UserError.Kind.BAD_CONFIGURATION,
                            paths.get(0)
                                    + ": pictures have classes, the names of their directories, expected numbers to"
                                    + " predict. Predict the classes, or give a table with numbers.")
                    .fixedBy("task");
        }
        if (options.isUnlabelled()) {
            List<Integer> none = paths.stream().map(path -> 0).toList();
            return new OpenedData(new PictureFiles(paths, none, Classes.numbered(0, 1)), Optional.empty());
        }
        Classes classes = options.classes(survey(paths));
        List<String> tests = paths.stream().filter(PictureFiles::isTest).toList();
        List<String> trains = paths.stream().filter(path -> !isTest(path)).toList();
        return trains.isEmpty() || tests.isEmpty()
                ? new OpenedData(labelled(paths, classes), Optional.empty())
                : new OpenedData(labelled(trains, classes), Optional.of(labelled(tests, classes)));
    }

    private static ClassSurvey survey(List<String> paths) {
        ClassSurvey survey = new ClassSurvey();
        boolean areNumbers = paths.stream().allMatch(path -> isNumber(directory(path)));
        for (String path : paths) {
            if (directory(path).isEmpty()) {
                throw new UserError(
                                UserError.Kind.BAD_DATA,
                                path + ": found a picture without a directory, expected it in one that is named as its"
                                        + " class. Pictures without classes can only be predicted.")
                        .fixedBy("label");
            }
            if (areNumbers) {
                survey.add(Long.parseLong(directory(path)), () -> path);
            } else {
                survey.add(directory(path), () -> path);
            }
        }
        return survey;
    }

    private static PictureFiles labelled(List<String> paths, Classes classes) {
        List<Integer> labels = new ArrayList<>(paths.size());
        for (String path : paths) {
            int label = label(directory(path), classes);
            if (label < 0) {
                throw new UserError(
                        UserError.Kind.BAD_DATA,
                        path + ": found a picture in " + directory(path) + ", expected a directory that is named as a"
                                + " class, " + classes.words() + ".");
            }
            labels.add(label);
        }
        return new PictureFiles(paths, labels, classes);
    }

    /** Directories are named in the words of the classes, or by their numbers: 07 as well as 7. */
    private static int label(String directory, Classes classes) {
        int named = classes.of(directory);
        return named < 0 && isNumber(directory) ? classes.of(Long.parseLong(directory)) : named;
    }

    private static boolean isNumber(String directory) {
        return NUMBER.matcher(directory).matches();
    }

    /** The name of the directory that a file is in. */
    private static String directory(String path) {
        String above = path.substring(0, Math.max(0, path.lastIndexOf('/')));
        return above.substring(above.lastIndexOf('/') + 1);
    }

    private static boolean isTest(String path) {
        String above = path.substring(0, Math.max(0, path.lastIndexOf('/')));
        return directory(above).toLowerCase(Locale.ROOT).matches("test(ing)?");
    }

    @Override
    public long rows() {
        return paths.size();
    }

    @Override
    public Shape shape() {
        return SHAPE;
    }

    @Override
    public int classes() {
        return known.count();
    }

    @Override
    public List<String> classNames() {
        return known.names();
    }

    @Override
    public boolean ofBytes() {
        return known.fitBytes();
    }

    @Override
    public Rows read(RowSet wanted, Storage storage) throws IOException {
        return read(wanted, storage, new BadRows(0));
    }

    @Override
    public Rows read(RowSet wanted, Storage storage, BadRows bad) throws IOException {
        int count = Math.toIntExact(wanted.size());
        byte[] pixels = new byte[Math.multiplyExact(count, features())];
        int[] classes = new int[count];
        for (int i = 0; i < count; i++) {
            int row = (int) wanted.at(i);
            classes[i] = labels.get(row);
            try {
                byte[] digit = digit(paths.get(row), storage);
                System.arraycopy(digit, 0, pixels, i * features(), digit.length);
            } catch (UserError refusal) {
                bad.add(row, refusal);
            }
        }
        return ofBytes() ? ByteRowsBuilder.rowsOf(features(), pixels, narrow(classes)) : floats(pixels, classes);
    }

    private static byte[] digit(String path, Storage storage) throws IOException {
        InputFile.require(storage, path);
        byte[] file;
        try (InputStream in = storage.open(path)) {
            file = in.readNBytes(MOST_BYTES);
        }
        GreyPicture picture;
        try {
            if (file.length == MOST_BYTES) {
                throw new EOFException("a file of " + MOST_BYTES + " bytes or more");
            }
            picture = GreyPicture.read(file, ENOUGH);
        } catch (IOException e) {
            throw bad(path, e.getMessage());
        }
        byte[] digit = DigitPicture.of(picture);
        if (digit == null) {
            throw bad(path, "a picture of a single shade");
        }
        return digit;
    }

    private static UserError bad(String path, String found) {
        return new UserError(
                UserError.Kind.BAD_DATA,
                path + ": found " + found + ", expected a picture of a digit, PNG or JPEG. Correct or remove it.");
    }

    private static byte[] narrow(int[] classes) {
        byte[] narrow = new byte[classes.length];
        for (int i = 0; i < narrow.length; i++) {
            narrow[i] = (byte) classes[i];
        }
        return narrow;
    }

    private FloatRows floats(byte[] pixels, int[] classes) {
        float[] floats = new float[pixels.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = pixels[i] & 0xFF;
        }
        return new FloatRows(features(), floats, classes);
    }

    /** Paths are no data: one may have a password in it. */
    @Override
    public String[] ids(RowSet wanted, Storage storage) {
        String[] ids = new String[Math.toIntExact(wanted.size())];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = Redaction.redact(paths.get((int) wanted.at(i)));
        }
        return ids;
    }

    @Override
    public int[] labels(Storage storage) {
        return labels.stream().mapToInt(Integer::intValue).toArray();
    }

    @Override
    public Optional<DataReading> reading() {
        return Optional.of(new DataReading(DataFormat.IMAGES, TableLabel.NONE, ""));
    }

    @Override
    public String describe() {
        return (paths.size() == 1 ? paths.get(0) : paths.get(0) + " and the pictures beside it") + " (" + rows()
                + " rows of " + shape() + ")";
    }
}
