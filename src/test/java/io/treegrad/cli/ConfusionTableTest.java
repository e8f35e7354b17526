package io.treegrad.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.treegrad.network.EvaluationSum;
import io.treegrad.network.Sums;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ConfusionTableTest {
    private static final EvaluationSum IRIS = Sums.evaluation(1, new long[][] {{50, 0, 0}, {0, 47, 3}, {0, 3, 47}});

    @Test
    void namesStandOverTheirColumns() {
        assertEquals("""
                class               rows   precision    recall
                Iris-setosa           50    100.00 %  100.00 %
                Iris-versicolor       50     94.00 %   94.00 %  worst
                Iris-virginica        50     94.00 %   94.00 %

                Rows are the true classes, columns the predicted ones; . is none.

                                     Iris-setosa Iris-versicolor  Iris-virginica
                Iris-setosa                   50               .               .
                Iris-versicolor                .              47               3
                Iris-virginica                 .               3              47
                """, table(IRIS, List.of("Iris-setosa", "Iris-versicolor", "Iris-virginica")));
    }

    @Test
    void longNamesAreNumberedAndNoLineIsLongerThanATerminal() {
        List<String> names = List.of("a class of a very long name, indeed", "größer", "z".repeat(200));
        String table = table(IRIS, names);
        assertTrue(table.contains("\na class of a very long name, in…       50    100.00 %"), table);
        assertTrue(table.contains("      1     2     3\n1 a class of a very long name, in…  "), table);
        assertTrue(table.contains("\n2 größer  "), table);
        assertTrue(table.lines().allMatch(line -> line.length() <= 80), table);
    }

    @Test
    void twelveNamedClassesFitToo() {
        long[][] counts = new long[12][12];
        IntStream.range(0, 12).forEach(label -> counts[label][label] = 1234);
        List<String> names =
                IntStream.range(0, 12).mapToObj(i -> "class number " + i).toList();
        String table = table(Sums.evaluation(1, counts), names);
        assertTrue(
                table.contains("\n12 cla…      .     .     .     .     .     .     .     .     .     .     .  1234\n"),
                table);
        assertTrue(table.lines().allMatch(line -> line.length() <= 80), table);
    }

    /** From the class table on. */
    private static String table(EvaluationSum sum, List<String> names) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ConfusionTable.print(new PrintStream(bytes, true, StandardCharsets.UTF_8), sum, names);
        String text = bytes.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n");
        return text.substring(text.indexOf("class  "));
    }
}
