package io.treegrad.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.treegrad.common.UserError;
import io.treegrad.data.FeatureBlocks;
import io.treegrad.data.FloatRows;
import io.treegrad.data.Part;
import io.treegrad.data.RowCounts;
import io.treegrad.data.Shape;
import io.treegrad.data.ValueBins;
import io.treegrad.testing.MemoryStorage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Three rows of two features and two classes, the first feature constant. */
class DataProfileTest {
    private static final ValueBins BINS = new ValueBins(new FeatureBlocks(new Shape(1, 2)), new float[][] {{}, {0, 2}});
    private static final FloatRows ROWS = new FloatRows(2, new float[] {5, -1, 5, 0, 5, 3}, new int[] {0, 1, 1});

    private static RowCounts counts(Optional<DataProfile> before) {
        RowCounts counts = new RowCounts(BINS, 2, before.map(DataProfile::reference));
        counts.count(ROWS);
        counts.finish();
        return counts;
    }

    private static DataProfile profile() {
        return DataProfile.of(counts(Optional.empty()), new long[] {100, 200});
    }

    @Test
    void someRowsTellWhatAllAreLike() {
        assertEquals(
                new DataProfile(
                        1,
                        2,
                        List.of(100L, 200L),
                        List.of(1L, 2L),
                        List.of(3L, 2L),
                        List.of(5f, -1f),
                        List.of(5f, 3f),
                        List.of(
                                new DataProfile.Block(List.of(), List.of(List.of(1L), List.of(2L))),
                                new DataProfile.Block(
                                        List.of(0f, 2f), List.of(List.of(1L, 0L, 0L), List.of(0L, 1L, 1L))))),
                profile());
        assertEquals(300, profile().rows());
        assertEquals(3, profile().counted());
        assertEquals(new Shape(1, 2), profile().shape());
        assertTrue(profile().isConstant(0));
        assertFalse(profile().isConstant(1));
    }

    @Test
    void rowsAreCountedInTheBinsOfTheProfileThatTheyAreComparedWith() {
        assertNull(DataProfile.likeReference(counts(Optional.empty()), new long[] {1, 2}));
        RowCounts coarse = new RowCounts(
                new ValueBins(new FeatureBlocks(new Shape(1, 2)), new float[][] {{}, {2}}), 2, Optional.empty());
        coarse.count(ROWS.select(new int[] {0, 1}));
        coarse.finish();
        RowCounts counts = counts(Optional.of(DataProfile.of(coarse, new long[] {1, 1})));
        assertEquals(
                new DataProfile.Block(List.of(2f), List.of(List.of(1L, 0L), List.of(1L, 1L))),
                DataProfile.likeReference(counts, new long[] {1, 2}).blocks().get(1));
        assertArrayEquals(new long[] {0, 1}, counts.outside());
    }

    /** With the model whose training rows it is of. */
    private static MemoryStorage published() throws IOException {
        DataProvenance data = SmallModel.data();
        DataProvenance profiled = new DataProvenance(
                data.kind(),
                data.description(),
                data.rows(),
                data.sha256(),
                Map.of(Part.TRAIN, "0".repeat(64)),
                profile());
        Provenance made = SmallModel.provenance();
        Provenance provenance = new Provenance(
                profiled,
                made.settings(),
                made.seed(),
                made.shards(),
                made.engine(),
                made.arithmetic(),
                made.cpu(),
                made.java(),
                made.spark(),
                made.treegrad(),
                made.started(),
                made.seconds(),
                made.metrics(),
                made.stoppedAtStep());
        TrainedModel model = SmallModel.create();
        return MemoryStorage.holding(
                "m",
                ModelFiles.contents(new TrainedModel(
                        model.network(), model.parameters(), model.scaling(), model.labels(), provenance)));
    }

    @Test
    void theProfileIsReadAsItWasWritten() throws IOException {
        assertEquals(
                profile(), ModelFiles.read(published(), "m").provenance().data().profile());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\0', textBlock = """
            "rowsOfClass": [ 100, | "rowsOfClass": [ | rows of 1 and of 2 classes, expected of as many
            "rowsOfClass": [ 100, | "rowsOfClass": [ -1, | rowsOfClass is -1, expected at least 0
            "countedOfClass": [ 1, | "countedOfClass": [ -1, | countedOfClass is -1, expected at least 0
            "nonZero": [ 3, | "nonZero": [ | ranges of 1, 2 and 2 features, expected of 2
            "least": [ 5.0, | "least": [ | ranges of 2, 1 and 2 features, expected of 2
            "greatest": [ 5.0, | "greatest": [ | ranges of 2, 2 and 1 features, expected of 2
            "width": 2 | "width": 3 | ranges of 2, 2 and 2 features, expected of 3
            [ [ 1 ], [ 2 ] ] | [ [ 1 ], [ 2, 2 ] ] | 2 counts for 0 edges, expected one more
            [ [ 1 ], [ 2 ] ] | [ [ 1 ], [ 2 ], [ 3 ] ] | counts of 3 classes, expected 2
            [ [ 1 ], [ 2 ] ] | [ [ 1 ] ] | counts of 2 classes, expected 2
            [ 0.0, 2.0 ] | [ 2.0, 0.0 ] | edges [2.0, 0.0], expected ascending ones
            """)
    void aProfileThatDoesNotFitItselfIsRefused(String found, String replacement, String reason) throws IOException {
        MemoryStorage storage = published();
        String text = new String(storage.get("m/model.json"), StandardCharsets.UTF_8);
        assertTrue(text.contains(found), text);
        storage.forge("m", "model.json", text.replace(found, replacement).getBytes(StandardCharsets.UTF_8));
        String message = assertThrows(UserError.class, () -> ModelFiles.read(storage, "m"))
                .getMessage();
        assertTrue(message.contains(reason), message);
    }
}
