package io.treegrad.training;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClassWeightsTest {
    private static final List<String> NAMES = List.of("ham", "spam", "a:b");

    @Test
    void balancedClassesContributeTheSame() {
        // scikit-learn: 12 rows / (3 classes * 6, 2, 4 rows)
        assertEquals(List.of(2 / 3f, 2f, 1f), weights("balanced", 6, 2, 4));
        assertEquals(List.of(1f, 1f, 1f), weights("balanced", 3, 0, 3), "a class without rows is not counted");
    }

    @Test
    void classesThatAreNotNamedCountOnce() {
        assertEquals(List.of(1f, 10f, 1f), weights("spam:10", 1, 1, 1));
        assertEquals(List.of(0.5f, 1f, 2f), weights("a:b:2,ham:0.5", 1, 1, 1));
        assertEquals(List.of(), ClassWeights.Named.NONE.of(NAMES, new long[0]).weights());
    }

    @Test
    void aNameThatIsNoClassIsTold() {
        ClassWeights weights = ClassWeights.parse("ham:1,eggs:3").orElseThrow();
        assertEquals(Optional.of("eggs"), weights.unknownIn(NAMES));
        assertEquals(Optional.empty(), new ClassWeights.Balanced().unknownIn(NAMES));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "spam", "spam:", ":2", "spam:0", "spam:-1", "spam:NaN", "spam:1e-60", "spam:2,", "a:1,a:2"})
    void anythingElseIsRefused(String text) {
        assertEquals(Optional.empty(), ClassWeights.parse(text));
    }

    private static List<Float> weights(String text, long... rowsOfClass) {
        return ClassWeights.parse(text).orElseThrow().of(NAMES, rowsOfClass).weights();
    }
}
