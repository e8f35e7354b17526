package io.treegrad.settings;

import io.treegrad.common.Decimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;

/** Which combinations of the alternatives a sweep tries, and how long. */
public sealed interface SweepSearch {
    String FORMS = "grid, random:N, halving[:ETA] or random:N+halving[:ETA]";

    int MOST_TRIALS = 10_000;

    /** Empty if it is none of the forms. */
    static Optional<SweepSearch> parse(String text) {
        String[] parts = text.split("\\+", -1);
        Optional<SweepSearch> halving = Halving.parse(parts[parts.length - 1], new Grid());
        Optional<SweepSearch> random = RandomChoice.parse(parts[0]);
        return switch (parts.length) {
            case 1 -> text.equals("grid") ? Optional.of(new Grid()) : random.or(() -> halving);
            case 2 -> random.flatMap(of -> Halving.parse(parts[1], of));
            default -> Optional.empty();
        };
    }

    /** The number that follows a name and a colon; empty if it is not from {@code least} to {@link #MOST_TRIALS}. */
    private static Optional<Integer> number(String text, String name, int least) {
        OptionalLong number =
                text.startsWith(name + ":") ? Decimal.whole(text.substring(name.length() + 1)) : OptionalLong.empty();
        return number.isPresent() && number.getAsLong() >= least && number.getAsLong() <= MOST_TRIALS
                ? Optional.of((int) number.getAsLong())
                : Optional.empty();
    }

    /** The chosen ones of {@code combinations} combinations, ascending. */
    List<Integer> choose(int combinations);

    /** Whether all combinations are tried. */
    default boolean triesAll() {
        return true;
    }

    /**
     * The rounds that so many trials go through.
     *
     * @param epochs of the shortest of the trainings
     */
    default List<SweepRung> rungs(int trials, int epochs) {
        return List.of(new SweepRung(trials, 1));
    }

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

        private static Optional<SweepSearch> parse(String text) {
            return number(text, "random", 1).map(RandomChoice::new);
        }

        @Override
        public List<Integer> choose(int combinations) {
            List<Integer> shuffled = new Grid().choose(combinations);
            Collections.shuffle(shuffled, new Random(SEED));
            List<Integer> chosen = new ArrayList<>(shuffled.subList(0, Math.min(trials, combinations)));
            Collections.sort(chosen);
            return chosen;
        }

        @Override
        public boolean triesAll() {
            return false;
        }
    }

    /**
     * Successive halving: all of them for a few epochs, the best for {@code eta} times as many, and so on until the best of
     * all have been trained to their end. K. Jamieson, A. Talwalkar, "Non-stochastic best arm identification and
     * hyperparameter optimization", AISTATS (2016); the numbers of trials and epochs are those of a bracket of L. Li et al.,
     * "Hyperband", JMLR 18 (2018), algorithm 1.
     *
     * @param of chooses the trials of the first rung
     * @param eta one of so many trials goes on
     */
    record Halving(SweepSearch of, int eta) implements SweepSearch {
        private static final int USUAL_ETA = 3;

        private static Optional<SweepSearch> parse(String text, SweepSearch of) {
            return (text.equals("halving") ? Optional.of(USUAL_ETA) : number(text, "halving", 2))
                    .map(eta -> new Halving(of, eta));
        }

        @Override
        public List<Integer> choose(int combinations) {
            return of.choose(combinations);
        }

        @Override
        public boolean triesAll() {
            return of.triesAll();
        }

        /** As many as leave a trial for the last and an epoch for the first. */
        @Override
        public List<SweepRung> rungs(int trials, int epochs) {
            List<SweepRung> rungs = new ArrayList<>();
            int most = Math.min(trials, epochs);
            int divisor = 1;
            while (divisor <= most / eta) {
                divisor *= eta;
            }
            for (int left = trials; divisor >= 1; divisor /= eta, left /= eta) {
                rungs.add(new SweepRung(left, divisor));
            }
            return rungs;
        }
    }
}
