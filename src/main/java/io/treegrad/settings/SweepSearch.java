package io.treegrad.settings;

import io.treegrad.common.Decimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;

/** Which combinations of the alternatives a sweep tries. */
public sealed interface SweepSearch {
    int MOST_TRIALS = 10_000;

    /** Empty if it is none of the forms. */
    static Optional<SweepSearch> parse(String text) {
        if (text.equals("grid")) {
            return Optional.of(new Grid());
        }
        OptionalLong trials =
                text.startsWith("random:") ? Decimal.whole(text.substring("random:".length())) : OptionalLong.empty();
        return trials.isPresent() && trials.getAsLong() >= 1 && trials.getAsLong() <= MOST_TRIALS
                ? Optional.of(new RandomChoice((int) trials.getAsLong()))
                : Optional.empty();
    }

    /** The chosen ones of {@code combinations} combinations, ascending. */
    List<Integer> choose(int combinations);

    /** All of them. */
    record Grid() implements SweepSearch {
        @Override
        public List<Integer> choose(int combinations) {
            List<Integer> all = new ArrayList<>();
            for (int i = 0; i < combinations; i++) {
                all.add(i);
            }
            return all;
        }
    }

    /**
     * That many of them, drawn without repetition; the same on each machine. J. Bergstra, Y. Bengio, "Random search for
     * hyper-parameter optimization", JMLR 13 (2012).
     */
    record RandomChoice(int trials) implements SweepSearch {
        private static final long SEED = 1;

        @Override
        public List<Integer> choose(int combinations) {
            List<Integer> shuffled = new Grid().choose(combinations);
            Collections.shuffle(shuffled, new Random(SEED));
            List<Integer> chosen = new ArrayList<>(shuffled.subList(0, Math.min(trials, combinations)));
            Collections.sort(chosen);
            return chosen;
        }
    }
}
