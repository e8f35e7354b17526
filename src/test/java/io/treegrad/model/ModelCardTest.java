package io.treegrad.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.treegrad.data.LocalStorage;
import io.treegrad.data.Part;
import io.treegrad.network.Activation;
import io.treegrad.network.EvaluationSum;
import io.treegrad.network.Loss;
import io.treegrad.network.Meaning;
import io.treegrad.network.Network;
import io.treegrad.network.Sums;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelCardTest {
    private static final Network NETWORK =
            Network.dense(List.of(2, 3), List.of(Activation.SOFTMAX), true, Loss.CROSS_ENTROPY);
    private static final EvaluationSum SUM = Sums.evaluation(1, new long[][] {{40, 10, 0}, {10, 90, 0}, {0, 5, 0}});

    @Test
    void classesAreMeasuredAndTheWeakOnesTold() {
        ModelCard card = ModelCard.of(NETWORK, List.of("a", "b", "c"), 1000, Part.TEST, SUM, "train");
        assertEquals("Tells which of 3 classes a row of 2 values is in.", card.use());
        assertEquals(
                List.of(
                        new ModelCard.ClassQuality("a", 50, 0.8, 0.8),
                        new ModelCard.ClassQuality("b", 100, 90 / 105.0, 0.9),
                        new ModelCard.ClassQuality("c", 5, null, 0.0)),
                card.classes());
        String limits = String.join(" ", card.limits());
        assertTrue(limits.contains("trained on 1,000 rows"), limits);
        assertTrue(limits.contains("Class c is recognised least: 0.00 % of its rows."), limits);
        assertTrue(limits.contains("fewer than 30 rows, which may be chance: class c."), limits);
        assertTrue(!limits.contains("test rows"), limits);
        assertTrue(String.join(
                        " ",
                        ModelCard.of(NETWORK, List.of("a", "b", "c"), 9, Part.TRAIN, SUM, "train")
                                .limits())
                .contains("There were no test rows"));
    }

    @Test
    void theCardReadsTheSameInEveryLocale() {
        ModelCard card = ModelCard.of(NETWORK, List.of("a", "b", "c"), 1000, Part.TEST, SUM, "train");
        Locale before = Locale.getDefault();
        Locale.setDefault(Locale.GERMANY);
        try {
            assertEquals(card, ModelCard.of(NETWORK, List.of("a", "b", "c"), 1000, Part.TEST, SUM, "train"));
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void thirtyRowsAreNotFew() {
        EvaluationSum sum = Sums.evaluation(1, new long[][] {{15, 15}, {0, 29}});
        ModelCard card = ModelCard.of(NETWORK, List.of("a", "b"), 1000, Part.TEST, sum, "train");
        assertEquals(
                List.of(
                        "Class a is recognised least: 50.00 % of its rows.",
                        "Measured on fewer than 30 rows, which may be chance: class b."),
                card.limits().subList(2, 4));
    }

    @Test
    void numbersAreExtrapolatedAndHaveNoClasses() {
        Network ofNumbers = Network.dense(List.of(3, 1), List.of(Activation.IDENTITY), true, Loss.MSE)
                .meaning(new Meaning.OfNumbers(10, 2));
        ModelCard card = ModelCard.of(ofNumbers, List.of(), 1000, Part.TEST, new EvaluationSum(ofNumbers), "train");
        assertEquals("Predicts a number from a row of 3 values.", card.use());
        assertEquals(List.of(), card.classes());
        assertEquals(
                "Numbers outside the range of the training rows are extrapolated.",
                card.limits().get(1));
        assertEquals(2, card.limits().size());
    }

    @Test
    void theCardIsReadAsItWasWritten(@TempDir Path directory) throws IOException {
        TrainedModel model = SmallModel.create();
        ModelCard card = new ModelCard(
                "a use",
                "test",
                List.of(new ModelCard.ClassQuality("no", 3, null, 0.5)),
                List.of("a limit"),
                "train --x 1");
        Models.write(directory, model.with(card));
        assertEquals(
                Optional.of(card),
                ModelFiles.read(new LocalStorage(), directory.toString()).card());
    }
}
