package io.treegrad.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.treegrad.common.UserError;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class RddSurveyTest {
    private static final int NUMBERS = 0;

    private static LabeledRow row(float label, float... values) {
        return new LabeledRow(label, values);
    }

    /** Of partition 2. */
    private static RddSurvey survey(int classes, LabeledRow... rows) {
        return RddSurvey.of(2, Arrays.asList(rows).iterator(), classes);
    }

    private static void assertRefused(String fault, int classes, LabeledRow... rows) {
        UserError refusal = survey(classes, rows).refusal();
        assertEquals(UserError.Kind.BAD_DATA, refusal.kind());
        assertEquals(
                "row %d of partition 2 of the RDD: %s; correct it.".formatted(rows.length - 1, fault),
                refusal.getMessage());
    }

    @Test
    void rowsFeaturesAndTheGreatestLabelAreCounted() {
        assertEquals(new RddSurvey(3, 2, 7, null), survey(8, row(0, 1, 2), row(7, 3, 4), row(2, 5, 6)));
        assertEquals(new RddSurvey(1, 1, 0, null), survey(NUMBERS, row(-7.5f, 1)));
        assertEquals(new RddSurvey(0, -1, 0, null), survey(8));
    }

    @Test
    void theFirstRowThatCannotBeTrainedOnIsTold() {
        assertRefused("found 1 values, expected 2 as in the rows before", 3, row(0, 1, 2), row(0, 1));
        assertRefused("found 0 values, expected 1 as in the rows before", 3, row(0));
        assertRefused("found the value NaN at index 1, expected finite numbers", 3, row(0, 1, Float.NaN));
        assertRefused(
                "found the value Infinity at index 0, expected finite numbers",
                NUMBERS,
                row(0, Float.POSITIVE_INFINITY));
        for (float label : new float[] {3, -1, 0.5f, Float.NaN}) {
            assertRefused(
                    "found label " + label + ", expected a whole number from 0 to 2", 3, row(2, 1), row(label, 1));
        }
        assertRefused("found label NaN, expected a finite number", NUMBERS, row(Float.NaN, 1));
        assertNull(survey(3, row(2, 1), row(0, 1)).refusal());
    }

    @Test
    void partitionsThatHaveRowsAreJoined() {
        RddSurvey empty = new RddSurvey(0, -1, 0, null);
        assertEquals(
                new RddSurvey(5, 4, 9, null),
                RddSurvey.joined(List.of(empty, new RddSurvey(2, 4, 9, null), empty, new RddSurvey(3, 4, 1, null))));
        assertEquals(
                "The RDD has rows of 4 and of 5 values, expected as many in each; correct it.",
                refusal(List.of(new RddSurvey(2, 4, 0, null), new RddSurvey(3, 5, 0, null))));
        assertEquals("The RDD has no rows, expected some.", refusal(List.of(empty, empty)));
        assertEquals("The RDD has no rows, expected some.", refusal(List.of()));
    }

    private static String refusal(List<RddSurvey> surveys) {
        return assertThrows(UserError.class, () -> RddSurvey.joined(surveys)).getMessage();
    }
}
