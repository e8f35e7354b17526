package io.treegrad.common;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Pattern;

/** Suggests the word that a user probably meant by an unknown one. */
public final class Suggestion {
    private static final int LONGEST = 100;
    private static final int SHORTEST_PART = 4;
    private static final Pattern OPTION = Pattern.compile("^-+");

    private Suggestion() {}

    /** " Did you mean X?", to append to a sentence; empty when no candidate is near. */
    public static String sentence(String typed, Collection<String> candidates) {
        return nearest(typed, candidates)
                .map(word -> " Did you mean " + word + "?")
                .orElse("");
    }

    /** The nearest candidate whose distance is at most a third of the longer word, else the nearest that contains it. */
    static Optional<String> nearest(String typed, Collection<String> candidates) {
        if (typed.length() > LONGEST) {
            return Optional.empty();
        }
        Comparator<String> byDistance = Comparator.comparingInt((String candidate) -> distance(typed, candidate))
                .thenComparing(Comparator.naturalOrder());
        String word = OPTION.matcher(typed).replaceFirst("");
        return candidates.stream()
                .filter(candidate -> distance(typed, candidate) * 3 <= Math.max(typed.length(), candidate.length()))
                .min(byDistance)
                .or(() -> candidates.stream()
                        .filter(candidate -> word.length() >= SHORTEST_PART && candidate.contains(word))
                        .min(byDistance));
    }

    /**
     * The edit distance between two words: letters inserted, deleted, replaced, or swapped with a neighbour (Damerau
     * 1964, in the restricted form that edits no part twice).
     */
    static int distance(String a, String b) {
        int[][] edits = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    edits[i][j] = i + j;
                    continue;
                }
                int replacement = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                int best = Math.min(edits[i - 1][j - 1] + replacement, Math.min(edits[i - 1][j], edits[i][j - 1]) + 1);
                boolean swapped =
                        i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
                edits[i][j] = swapped ? Math.min(best, edits[i - 2][j - 2] + 1) : best;
            }
        }
        return edits[a.length()][b.length()];
    }
}
