package io.treegrad.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DataSurveyTest {
    /** With few different numbers, many of the first are found, and some more than once. */
    @ParameterizedTest
    @CsvSource({"1, 0, 0, 9", "2, 0, 50, 9", "3, 50, 0, 9", "4, 1, 1, 2", "5, 300, 1000, 700", "6, 300, 1000, 100000"})
    void asManyAreFoundAsASetFinds(long seed, int numbers, int others, int different) {
        SplittableRandom random = new SplittableRandom(seed);
        long[] mixed = random.longs(different).toArray();
        long[] first =
                random.ints(numbers, 0, different).mapToLong(i -> mixed[i]).toArray();
        long[] second =
                random.ints(others, 0, different).mapToLong(i -> mixed[i]).toArray();
        Set<Long> among = Arrays.stream(second).boxed().collect(Collectors.toSet());
        long expected = Arrays.stream(first).filter(among::contains).count();
        assertEquals(expected, DataSurvey.found(first, second));
    }
}
