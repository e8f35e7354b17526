package io.treegrad.common;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SuggestionTest {
    @Test
    void oneEditIsALetterMoreLessOtherOrSwapped() {
        assertEquals(0, Suggestion.distance("train", "train"));
        assertEquals(1, Suggestion.distance("trains", "train"));
        assertEquals(1, Suggestion.distance("tran", "train"));
        assertEquals(1, Suggestion.distance("trein", "train"));
        assertEquals(1, Suggestion.distance("trian", "train"));
        assertEquals(5, Suggestion.distance("", "train"));
    }

    @Test
    void ofFarWordsTheNearestIsSuggestedThatContainsWhatWasTyped() {
        List<String> options = List.of("--learning-rate", "--batch-sizes", "--hidden-activation", "--hidden-sizes");
        assertEquals(Optional.of("--hidden-sizes"), Suggestion.nearest("--hidden", options));
        assertEquals(Optional.of("--learning-rate"), Suggestion.nearest("--rate", options));
        assertEquals(Optional.empty(), Suggestion.nearest("-bat", options));
    }

    @Test
    void farWordsAreNotSuggested() {
        List<String> words = List.of("train", "evaluate", "predict");
        assertEquals(Optional.of("evaluate"), Suggestion.nearest("evalute", words));
        assertEquals(Optional.empty(), Suggestion.nearest("export", words));
    }
}
