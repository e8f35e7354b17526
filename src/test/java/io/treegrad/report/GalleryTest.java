package io.treegrad.report;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.treegrad.data.FloatRows;
import io.treegrad.data.Rows;
import io.treegrad.data.Scaling;
import io.treegrad.data.Shape;
import io.treegrad.network.Activation;
import io.treegrad.network.Loss;
import io.treegrad.network.Network;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Pictures of 2 x 2 pixels and a network that gives each class the brightness of one pixel: what it answers can be read
 * off the pixels.
 */
class GalleryTest {
    private static final Shape SHAPE = new Shape(2, 2);
    private static final Network NETWORK = Network.dense(List.of(4, 4), List.of(Activation.IDENTITY), false, Loss.MSE);
    private static final float[] IDENTITY = {1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1};
    private static final Rows ROWS = new FloatRows(
            4,
            new float[] {
                0.2f, 0.6f, 0, 0, // row 0, a 0 read as 1: wrong by 0.4
                0.9f, 0, 0, 0.1f, // row 1, a 0: right
                0, 0, 0, 1, // row 2, a 2 read as 3: wrong by 1
                0.1f, 0.8f, 0, 0, // row 3, a 0 read as 1: wrong by 0.7
                0, 0.5f, 0, 0, // row 4, a 1: right
            },
            new int[] {0, 0, 2, 0, 1});

    private static Gallery gallery() {
        return Gallery.of(NETWORK, IDENTITY, Scaling.none(), ROWS, SHAPE, 7);
    }

    private static List<Integer> rowsOf(List<Example> examples) {
        return examples.stream().map(Example::row).toList();
    }

    @Test
    void theSurestMistakesComeFirst() {
        assertEquals(List.of(2, 3, 0), rowsOf(gallery().worst()));
        assertEquals(
                new Predictions.Answer(0, 1, 0.8f, 0.1f),
                gallery().worst().get(1).answer());
    }

    @Test
    void mistakesAreFoundUnderTheirCellOfTheMatrix() {
        assertEquals(
                List.of(0 * 4 + 1, 2 * 4 + 3), List.copyOf(gallery().confused().keySet()));
        assertEquals(List.of(3, 0), rowsOf(gallery().confused().get(1)));
    }

    @Test
    void eachClassIsShownByItsFirstRow() {
        assertEquals(List.of(0, 4, 2), rowsOf(gallery().oneOfEach()));
    }

    @Test
    void theClassMisreadMostIsShownAtLength() {
        assertEquals(List.of(2), rowsOf(gallery().ofOneClass()));
    }

    @Test
    void randomRowsAreDrawnOnceEachAndTheSameForASeed() {
        assertEquals(
                List.of(0, 1, 2, 3, 4),
                rowsOf(gallery().random()).stream().sorted().toList());
        assertEquals(rowsOf(gallery().random()), rowsOf(gallery().random()));
    }

    @Test
    void theFirstRowReadRightIsTurnedCounterClockwise() {
        // row 1 has its brightest pixel at the top left: it goes down, right, up, as the class of that pixel says
        List<Example> turned = gallery().rotations();
        assertEquals(
                List.of(0, 2, 3, 1),
                turned.stream().map(example -> example.answer().predicted()).toList());
        assertArrayEquals(new byte[] {(byte) 255, 0, 0, 28}, turned.get(0).pixels());
        assertArrayEquals(new byte[] {0, 28, (byte) 255, 0}, turned.get(1).pixels());
    }

    @Test
    void rowsThatAreNoPicturesAreRefused() {
        assertEquals(
                "pictures of 4 features from rows of 4 features for a network of 4",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> Gallery.of(NETWORK, IDENTITY, Scaling.none(), ROWS, new Shape(1, 4), 7))
                        .getMessage());
    }
}
